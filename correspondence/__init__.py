"""What is written to those who deliver: templates out, receipts back. It reads what others made; no score and no release rests on it."""

from correspondence.answering import Answering
from correspondence.receipts import ReceiptReport, write_receipts
from correspondence.summary_page import matrix_markdown
from correspondence.templates import Issued, TemplateReport, issue_templates

__all__ = ["Answering", "Issued", "ReceiptReport", "TemplateReport", "issue_templates", "matrix_markdown", "write_receipts"]
