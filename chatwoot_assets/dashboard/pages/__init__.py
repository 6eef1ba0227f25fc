"""The pages, one file each: `show` draws a page for a view. Whatever a page shows it asks for by the name of a file in
`sql/dashboard/`; one more card or chart is one more file there and some lines here."""
