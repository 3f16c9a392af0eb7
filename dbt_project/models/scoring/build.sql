-- One row: what the scores were built from, so that nobody takes them for those of a later release.
select {{ edition_code() }} as edition, {{ release_code() }} as release
