"""Files as people send them."""

import io
import zipfile

import openpyxl

ODS = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(*rows, merge=(), hidden_first=False):
    book = openpyxl.Workbook()
    sheet = book.active
    if hidden_first:
        sheet["A1"] = "hidden"
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("List")
    for row in rows:
        sheet.append(list(row))
    for cells in merge:
        sheet.merge_cells(cells)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def text(*rows, encoding="utf-8", delimiter=";"):
    return "\n".join(delimiter.join(row) for row in rows).encode(encoding)


def ods(*rows, repeated_rows=1):
    cells = [
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        for row in rows
    ]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells[:-1])
    body += f'<table:table-row table:number-rows-repeated="{repeated_rows}">{cells[-1]}</table:table-row>'
    namespace = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{namespace}:office:1.0" xmlns:table="{namespace}:table:1.0"'
        f' xmlns:text="{namespace}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="List">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return data.getvalue()
