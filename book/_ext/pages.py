"""Two corrections to every page that Jupyter Book and docutils write."""


def correct(app, pagename, templatename, context, doctree):
    # thebe needs an outside host and a kernel, and raises an error on pages without either.
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if "thebe" not in f"{file.filename} {file.attributes}".lower()]
    # A list for a screen reader must hold list items; docutils gives the entries another role.
    if "body" in context:
        context["body"] = context["body"].replace(
            '<div role="list" class="citation-list">', '<div class="citation-list">'
        )


def setup(app):
    app.connect("html-page-context", correct, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
