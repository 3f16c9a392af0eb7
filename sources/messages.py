"""Every rule of rejecting and its sentence, in Chinese and English: what is wrong, and what its sender is to do. One line a rule."""

from __future__ import annotations

from collections.abc import Mapping

# `{value}` is the delivered text, masked and cut; the other names are given by whoever rejects.
MESSAGES: dict[str, tuple[str, str]] = {
    # At the door
    "link": (
        "这是一个链接而不是文件，未予收取，请直接放入文件本身。",
        "This is a link, not a file, and was not followed; put the file itself there.",
    ),
    "misplaced": (
        "文件不在任何来源文件夹中，请放入以下文件夹之一：{folders}。",
        "The file lies in no folder of a source; put it into one of these: {folders}.",
    ),
    "bad_sidecar": (
        "报送说明文件有误（{fault}），未予采用，请改为 sender、sent_at、reason 三项。",
        "The delivery note is wrong ({fault}) and was not used; give sender, sent_at and reason.",
    ),
    "no_dataset": (
        "文件名不符合本来源的任何一类数据，请按以下格式之一命名后重新报送：{patterns}。",
        "The file's name fits no dataset of this source; name it after one of these patterns and deliver it again: {patterns}.",
    ),
    "several_datasets": (
        "文件名同时符合多类数据（{patterns}），请改为只符合其中一类的名称后重新报送。",
        "The file's name fits several datasets ({patterns}); name it so that it fits one, and deliver it again.",
    ),
    "zip_not_unpacked": (
        "压缩包无法解开（{fault}），请解压后直接报送其中的文件。",
        "The ZIP archive was not unpacked ({fault}); unpack it and deliver the files inside.",
    ),
    # The file as a whole
    "empty_file": (
        "文件是空的（0字节），请重新导出后再报送。",
        "The file is empty (0 bytes); export it again and deliver it anew.",
    ),
    "pdf": (
        "这是PDF文件，无法读取其中的表格，请报送Excel工作簿（.xlsx）原件。",
        "This is a PDF, whose tables cannot be read; deliver the Excel workbook (.xlsx) that it was made from.",
    ),
    "password_protected": (
        "工作簿设有打开密码，无法读取，请取消密码后重新报送。",
        "The workbook is protected by a password and cannot be read; take the password off and deliver it again.",
    ),
    "old_excel": (
        "这是旧版Excel格式（.xls），请用Excel或WPS另存为.xlsx后重新报送。",
        "This is the old Excel format (.xls); save it as .xlsx and deliver it again.",
    ),
    "not_a_workbook": (
        "文件内容不是Excel工作簿，请用Excel或WPS打开核对后另存为.xlsx重新报送。",
        "The file is no Excel workbook; open it, check it, save it as .xlsx and deliver it again.",
    ),
    "web_page": (
        "文件内容是网页（HTML或XML），只是以Excel命名，请用Excel或WPS打开后另存为.xlsx重新报送。",
        "The file is a web page (HTML or XML) that is only named as a workbook; open it, save it as .xlsx and deliver it again.",
    ),
    "zip_without_workbook": (
        "这是一个不含Excel工作簿的压缩包，请解压后报送其中的文件。",
        "This is a ZIP archive without an Excel workbook in it; unpack it and deliver the files inside.",
    ),
    "cut_file": (
        "工作簿文件不完整（可能上传中断），请重新上传完整文件。",
        "The workbook is cut short (an upload may have broken off); upload the whole file again.",
    ),
    "damaged_workbook": (
        "工作簿已损坏，无法读取（{fault}），请用Excel或WPS打开并另存后重新报送。",
        "The workbook is damaged and cannot be read ({fault}); open it, save it anew and deliver it again.",
    ),
    "too_large": (
        "工作簿解压后超过{limit}MB，未予读取，请删去无关工作表，或另存为CSV后重新报送。",
        "The workbook unpacks to more than {limit} MB and was not read; remove unrelated sheets, or deliver it as CSV.",
    ),
    "too_shrunk": (
        "工作簿中有部分内容压缩到不足原来的{limit}分之一，正常的工作簿不会这样，未予读取，请用Excel或WPS打开并另存后重新报送。",
        "A part of the workbook is shrunk to less than 1/{limit}, as no sound one is, and was not read; open it and save it anew.",
    ),
    "unknown_format": (
        "无法读取“{value}”类型的文件，请报送以下类型之一：{formats}。",
        "Files of the type “{value}” cannot be read; deliver one of these types: {formats}.",
    ),
    "not_text": (
        "文件既不是UTF-8也不是GB18030编码的文本，无法读取，请另存为UTF-8编码的CSV后重新报送。",
        "The file is text in neither UTF-8 nor GB18030 and cannot be read; save it as CSV in UTF-8 and deliver it again.",
    ),
    "nul_bytes": (
        "文件中夹有空字节（NUL），可能已损坏或不是文本，请重新导出为UTF-8编码的CSV后报送。",
        "The file has NUL bytes in it, so it is damaged or no text; export it again as CSV in UTF-8 and deliver it anew.",
    ),
    "cut_text": (
        "文件在一个汉字中间中断，内容不完整，请重新导出或上传完整文件。",
        "The file breaks off within a sign and is not whole; export or upload the whole file again.",
    ),
    "big_five": (
        "文件是繁体中文Big5编码，不能可靠读取，请另存为UTF-8编码的CSV后重新报送。",
        "The file is encoded in Big5, which cannot be read for certain; save it as CSV in UTF-8 and deliver it again.",
    ),
    "mojibake": (
        "文件中的文字是乱码（以错误的编码打开后又保存），请从原系统重新导出，不要用这份文件修改。",
        "The texts are garbled: the file was opened in a wrong encoding and saved again; export it anew from where it came from.",
    ),
    "no_rows": (
        "文件只有表头，没有任何数据行，请填入数据后重新报送。",
        "The file has a header and no rows of data below it; fill it in and deliver it again.",
    ),
    "damaged_table": (
        "第{line}行附近的引号不配对，表格无法读取，请重新导出CSV后报送。",
        "The quotation marks near line {line} do not match, so the table cannot be read; export the CSV again and deliver it anew.",
    ),
    "columns_missing": (
        "没有找到所需的列：{sought}；文件中的列是：{found}；请按要求的列名修改后重新报送。",
        "These columns were not found: {sought}; the file has: {found}; name the columns as asked and deliver it again.",
    ),
    "unreadable": (
        "文件无法读取（{fault}），请用原软件打开并另存后重新报送；仍不行请联系数据组。",
        "The file cannot be read ({fault}); open it, save it anew and deliver it again, or ask the data team.",
    ),
    "too_much_memory": (
        "读取该文件需要的内存超过{limit}MB，未予采用，请删去无关的工作表、行和合并单元格，另存后重新报送。",
        "Reading the file takes more than {limit} MB of memory; remove unrelated sheets, rows and merged cells, and deliver it again.",
    ),
    "too_long": (
        "读取该文件需要的时间超过{limit}秒，未予采用，请删去无关的工作表、行和合并单元格，另存后重新报送。",
        "Reading the file takes more than {limit} seconds; remove unrelated sheets, rows and merged cells, and deliver it again.",
    ),
    "reader_broke_down": (
        "读取程序两次因该文件中断，未予采用，请用原软件打开并另存后重新报送；仍不行请联系数据组。",
        "The reading program broke down on this file twice; open it, save it anew and deliver it again, or ask the data team.",
    ),
    # The form's cover
    "cover_place_missing": (
        "封面没有填写单位（{labels}），不知是哪个地区的表，请填写后重新报送。",
        "The cover names no place ({labels}), so nobody knows whose form this is; fill it in and deliver it again.",
    ),
    "places_differ": (
        "这里写的是“{value}”，封面写的是{place}，不知是哪个地区的表，请核对后重新报送。",
        "Here it says “{value}”, and the cover {place}, so nobody knows whose form this is; check both and deliver it again.",
    ),
    "other_place_in_name": (
        "文件名写的是{value}，封面写的是{place}，不知是哪个地区的表，请核对后重新报送。",
        "The file is named after {value}, and its cover says {place}, so nobody knows whose form this is; check both and deliver it again.",
    ),
    "year_missing": (
        "封面没有填写年度（{labels}），请填写{year}后重新报送。",
        "The cover states no year ({labels}); fill in {year} and deliver it again.",
    ),
    "other_year": (
        "这是{value}年度的表，本次评价的是{year}年度，请使用{year}年度的表重新报送。",
        "This is the form of {value}, and {year} is evaluated; fill in the form of {year} and deliver it.",
    ),
    # Places
    "table_of_other_year": (
        "表题写的是{value}年，本次评价的是{year}年度，这张表未予采用，请报送{year}年度的数据。",
        "The table's title says {value}, and {year} is evaluated, so the table was not taken; deliver the figures of {year}.",
    ),
    "place_missing": (
        "这一行有数据但没有地区名称，请补上地区名称。",
        "This row has figures but no place; add the place's name.",
    ),
    "unknown_place": (
        "没有名为“{value}”的评价对象{hint_zh}，请改用全称或行政区划代码。",
        "No evaluated place is called “{value}”{hint_en}; give its full name or its code.",
    ),
    "ambiguous_place": (
        "“{value}”可能是{candidates}，请写上所属设区市。",
        "“{value}” may be any of {candidates}; write it with its city.",
    ),
    "other_city": (
        "“{value}”不属于旁边所写的{city}，不知指哪个地区，请核对这两栏。",
        "“{value}” does not lie in {city}, which stands beside it, so nobody knows which place is meant; check both.",
    ),
    "place_contradicts": (
        "代码{code}是{place}，与旁边的名称“{name}”不符，请核对代码和名称。",
        "The code {code} is {place}, and the name beside it, “{name}”, is not its own; check both.",
    ),
    "garbled_place": (
        "“{value}”是乱码，可能是“{suggestion}”，请从原系统重新导出。",
        "“{value}” is garbled and may mean “{suggestion}”; export the table anew from where it came from.",
    ),
    "merged_place": (
        "{explanation_zh}，请按现在的地区报送。",
        "{explanation_en}; deliver the figures of the place as it is now.",
    ),
    "not_yet_place": (
        "“{value}”自{day}起才设立，本次评价按{as_of}的区划，请按当时的地区报送。",
        "“{value}” exists only since {day}, and the edition takes the places of {as_of}; deliver the place as it was then.",
    ),
    "zone": (
        "“{value}”是开发区，不是评价对象，属于{place}，请把它的数量计入{place}后报送。",
        "“{value}” is a development zone and no evaluated place; it belongs to {place}: add its counts to {place} and deliver that.",
    ),
    "not_evaluated": (
        "“{value}”不在本次评价对象之列，请只报送：{groups}。",
        "“{value}” is not among the places of this edition; deliver only: {groups}.",
    ),
    "time_missing": (
        "这一行没有写年份，不知是哪一年的数据，请补上年份。",
        "This row states no time, so nobody knows of when its figures are; add it.",
    ),
    "unknown_time": (
        "“{value}”不在本次评价的年份（{first}至{last}）之内，请改正年份，或不报送这一行。",
        "“{value}” is no time of this edition, which goes from {first} to {last}; correct it, or leave the row out.",
    ),
    # Columns and rows
    "column_missing": (
        "没有找到“{sought}”一列，该项数据按缺失处理；文件中未使用的列是：{found}；请按要求的列名修改后重新报送。",
        "The column “{sought}” was not found, so its figures are missing; unused columns are: {found}; name it as asked and deliver again.",
    ),
    "column_twice": (
        "“{value}”一列出现了多次（{cells}），不知取哪一列，请只保留一列。",
        "The column “{value}” stands there several times ({cells}), and nobody knows which counts; keep one.",
    ),
    "key_missing": (
        "缺少“{header}”，无法识别这条记录，请补填。",
        "“{header}” is missing, so the record cannot be told from others; fill it in.",
    ),
    "date_missing": (
        "缺少“{header}”，无法确认是否在评价期内，请补填。",
        "“{header}” is missing, so nobody knows whether the record lies within the period; fill it in.",
    ),
    "field_missing": (
        "缺少“{header}”，无法判断这条记录，未予采用，请补填。",
        "“{header}” is missing, so nothing can be told from the record and it does not count; fill it in.",
    ),
    "decided_by_missing": (
        "缺少“{header}”，未写明由谁决定的更正不予采用，请补填。",
        "“{header}” is missing; what nobody is named as having decided does not count; fill it in.",
    ),
    "reason_missing": (
        "缺少“{header}”，未写明理由的更正不予采用，请补填。",
        "“{header}” is missing; what has no reason does not count; fill it in.",
    ),
    "code_missing": (
        "填了数值但没有指标编码，不知是哪一项，请补上编码。",
        "There is a value but no input code beside it; add the code.",
    ),
    "unknown_input": (
        "本来源没有编码为“{value}”的数据项，请核对编码或使用本年度的表。",
        "This source delivers no input of the code “{value}”; check the code, or use this edition's form.",
    ),
    "unknown_indicator": (
        "没有编码为“{value}”的指标，这条记录未予采用，请核对指标编码。",
        "There is no indicator of the code “{value}”, so the record does not count; check the code.",
    ),
    "unknown_subject": (
        "没有编码为“{value}”的数据项、测度或指标，这条申诉未予受理，请核对编码。",
        "There is no input, measure or indicator of the code “{value}”, so the appeal was not taken; check the code.",
    ),
    "unknown_gate": (
        "没有名为“{value}”的门禁，豁免未生效，请填以下之一：{expected}。",
        "There is no gate called “{value}”, so nothing is waived; give one of: {expected}.",
    ),
    "unknown_expectation": (
        "门禁{gate}没有名为“{value}”的检查项，豁免未生效，请填以下之一：{expected}。",
        "The gate {gate} asks nothing called “{value}”, so nothing is waived; give one of: {expected}.",
    ),
    "given_twice": (
        "数据项{code}填了多次（{cells}），请只保留一处。",
        "The input {code} is given several times ({cells}); keep one.",
    ),
    # Values
    "not_a_number": (
        "“{value}”不是数字，请只填准确数字，不带单位或文字，如 95。",
        "“{value}” is no number; give the exact figure alone, without unit or words, such as 95.",
    ),
    "not_an_integer": (
        "“{value}”不是整数，请填整数，如 95。",
        "“{value}” is no whole number; give a whole number, such as 95.",
    ),
    "other_unit": (
        "“{value}”的单位与要求的单位（{unit}）不同，无法换算，请按{unit}填写。",
        "“{value}” is in a unit that cannot be converted into the one asked ({unit}); give it in {unit}.",
    ),
    "percent_or_share": (
        "“{value}”是{value}%，还是{percent}%？无法判断，请写明百分号，如 {percent}% 。",
        "Is “{value}” {value} % or {percent} %? Nobody can tell; write it with its per cent sign, such as {percent}%.",
    ),
    "percent_not_expected": (
        "“{value}”是百分数，此处应填数量（单位：{unit}），请填数量。",
        "“{value}” is a percentage, and a quantity is asked (unit: {unit}); give the quantity.",
    ),
    "not_a_boolean": (
        "“{value}”无法判断是或否，请填：{expected}。",
        "“{value}” is neither yes nor no; give one of: {expected}.",
    ),
    "unknown_category": (
        "“{value}”不是可选项，请填以下之一：{expected}。",
        "“{value}” is none of the choices; give one of: {expected}.",
    ),
    "not_a_date": (
        "“{value}”不是日期，请按 2020-03-01 的格式填写。",
        "“{value}” is no date; write it as 2020-03-01.",
    ),
    "not_a_moment": (
        "“{value}”不是时间，请按 2020-03-01 10:30 的格式填写。",
        "“{value}” is no moment; write it as 2020-03-01 10:30.",
    ),
    "below_minimum": (
        "“{value}”小于最小值{minimum}，请核对。",
        "“{value}” is below the minimum of {minimum}; check it.",
    ),
    "above_maximum": (
        "“{value}”大于最大值{maximum}，请核对。",
        "“{value}” is above the maximum of {maximum}; check it.",
    ),
    "above_input": (
        "“{value}”大于“{other}”的{other_value}，部分不能大于总体，请核对这两个数。",
        "“{value}” is above “{other}”, which is {other_value}; a part cannot exceed its whole: check both figures.",
    ),
    "outside_period": (
        "“{value}”不在评价期{start}至{end}内，请只报送评价期内的记录。",
        "“{value}” lies outside the period {start} to {end}; deliver records of the period alone.",
    ),
    "merged_value": (
        "单元格是合并的，不知“{value}”属于哪一行或哪一列，请取消合并后分别填写。",
        "The cell is merged with others, so nobody knows to which row or column “{value}” belongs; unmerge them and fill in each.",
    ),
    "cut_row": (
        "文件在这一行中断，“{value}”和其后的内容不完整，请重新导出完整文件后报送。",
        "The file breaks off in this row, so “{value}” and what follows may not be whole; export the whole file again and deliver it.",
    ),
    "total_differs": (
        "合计{value}与各行之和{sum}不符，各行数据照常采用，请核对后更正其中有误的数。",
        "The total {value} is not the sum of its rows, {sum}; the rows were taken as they are: check them and correct what is wrong.",
    ),
    "excel_error": (
        "单元格是Excel错误值“{value}”，请改正公式或直接填数值。",
        "The cell holds the Excel error “{value}”; correct the formula or give the value itself.",
    ),
    "formula_without_value": (
        "单元格只有公式而没有计算结果，请用Excel或WPS打开并保存，或直接填数值。",
        "The cell holds a formula without its result; open and save the file in Excel, or give the value itself.",
    ),
    # Opinion items
    "not_json_lines": (
        "文件中没有一行是JSON对象，请按每行一个JSON对象的格式重新导出。",
        "No line of the file is a JSON object; export it again with one JSON object a line.",
    ),
    "not_json": (
        "这一行不是JSON对象，可能被截断，请重新导出。",
        "This line is no JSON object and may be cut short; export it again.",
    ),
    "empty_item": (
        "标题和正文都是空的，请补全或删去这一条。",
        "Title and body are both empty; complete the item or leave it out.",
    ),
    # Among several deliveries
    "conflict": (
        "同一时间报送了两份不同的内容（另一份：{other}），两份都暂不采用，请写明哪一份为准并重新报送。",
        "Two different contents came for one moment (the other: {other}), and neither counts; deliver again the one that holds.",
    ),
    "id_used_again": (
        "编号“{value}”后来又用于另一条内容（{other}），只计后一条，请向数据商核实，两条都要计入的请改用不同编号重新报送。",
        "The id “{value}” was used again for another item ({other}), which alone counts; ask the provider, and give each its own id.",
    ),
    "unknown_item": (
        "没有编号为“{value}”且涉及该地区的舆情条目，核定未生效，请核对编号和地区。",
        "No opinion item of the id “{value}” that counts is about this place, so nothing was decided; check the id and the place.",
    ),
    "late": (
        "在截止日{deadline}之后报送，新版本不计入（计入的是：{other}）；如需更改，请提出申诉，由办公室更正。",
        "Sent after the deadline, {deadline}, so this new version does not count (what counts: {other}); appeal to have figures corrected.",
    ),
    "contests_other": (
        "争议的数值是{value}，而计入的是{counted_zh}，未予采用，请按计入的数值重新提出。",
        "You contest {value}, what counts is {counted_en}, so this does not count; name the value that counts and deliver it again.",
    ),
    "recused": (
        "专家的工作单位属于{place}或其所在设区市，按回避规则此评分不计入，无须更正。",
        "The expert's employer is of {place} or of its city, so this score is left out by the rule of recusal; nothing need be corrected.",
    ),
    "unknown_delivery": (
        "没有指纹为“{value}”的报送文件，撤回未生效，请核对64位文件指纹。",
        "No delivery has the fingerprint “{value}”, so nothing was withdrawn; check its 64 signs.",
    ),
}


def sentence(rule: str, details: Mapping[str, object]) -> tuple[str, str]:
    """The rule's sentence in Chinese and English. A rule without one, or a detail that it lacks, is a KeyError: ours, not the sender's."""
    zh, en = MESSAGES[rule]
    return zh.format_map(details), en.format_map(details)
