"""What is written to those who deliver: templates out. It reads what others made; no score and no release rests on it."""

from correspondence.templates import Issued, TemplateReport, issue_templates

__all__ = ["Issued", "TemplateReport", "issue_templates"]
