#!/usr/bin/env python3
"""check_rooms.py and check_rule_ids.py find each kind of offence, and only those."""
import pathlib
import tempfile
import unittest

import check_rooms
import check_rule_ids


class CheckRooms(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def write(self, path, *lines):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text("\n".join(lines) + "\n")

    def offences(self):
        return check_rooms.check(self.root)[0]

    def assert_offence(self, path, line, include, reason):
        self.write(path, *([""] * (line - 1)), f"#include {include}")
        self.assertEqual(self.offences(), [f"{path}:{line}: {reason}"])

    def assert_allowed(self, path, *includes):
        self.write(path, *[f"#include {include}" for include in includes])
        self.assertEqual(self.offences(), [])

    def test_a_room_may_know_itself_and_those_of_the_table(self):
        self.assert_allowed("framework/plugin/a.cpp", '"plugin/a.hpp"', '"onnx/schema.hpp"', '"base/status.hpp"',
                            "<fairlead/sdk/abi/core.h>", "<boost/dll/shared_library.hpp>", "<fmt/format.h>", "<vector>",
                            "<sys/stat.h>", "<unistd.h>", "<gtest/gtest.h>")

    def test_a_room_may_not_know_another(self):
        self.assert_offence("framework/ir/graph.cpp", 3, '"diagnostics/diagnostics.hpp"',
                            '"diagnostics/diagnostics.hpp": ir may not know diagnostics')

    def test_the_last_rooms_do_not_know_each_other(self):
        self.assert_offence("framework/lowering/driver.cpp", 1, '"runtime/runtime.hpp"',
                            '"runtime/runtime.hpp": lowering may not know runtime')

    def test_lowering_and_passes_may_read_the_shared_headers(self):
        self.assert_allowed("framework/lowering/driver.cpp", '"frontend/exported_program.hpp"', '"passes/pass.hpp"')
        self.assert_allowed("framework/passes/fold.cpp", '"frontend/exported_program.hpp"')

    def test_lowering_may_read_no_other_header_of_the_frontend(self):
        self.assert_offence("framework/lowering/driver.cpp", 1, '"frontend/frontend.hpp"',
                            '"frontend/frontend.hpp": lowering may not know frontend')

    def test_export_may_know_every_room(self):
        self.assert_allowed("framework/export/exporter.cpp", *[f'"{room}/x.hpp"' for room in check_rooms.ROOMS])

    def test_a_folder_that_is_no_room_is_an_offence(self):
        self.assert_offence("framework/helpers/x.cpp", 1, '"ir/graph.hpp"', "helpers is no room of the table in tests/rooms")

    def test_plugins_see_the_sdk_and_their_own_headers(self):
        self.write("plugins/aten/families.hpp", "#pragma once")
        self.assert_allowed("plugins/aten/unary.cpp", "<fairlead/sdk/lowering.hpp>", '"families.hpp"', "<cmath>")

    def test_plugins_do_not_see_the_framework(self):
        self.assert_offence("plugins/aten/unary.cpp", 2, '"ir/graph.hpp"', '"ir/graph.hpp": a plugin sees sdk/ only')

    def test_a_test_of_a_plugin_stands_on_the_hosts_side(self):
        self.assert_allowed("plugins/ep_ort/ep_ort_test.cpp", '"runtime/runtime.hpp"')

    def test_plugins_do_not_see_the_public_headers_of_applications(self):
        self.assert_offence("plugins/aten/unary.cpp", 1, "<fairlead/exporter.hpp>",
                            "<fairlead/exporter.hpp>: only sdk/ is visible to plugins and to the SDK itself")

    def test_plugins_do_not_see_each_other(self):
        self.write("plugins/ep_ort/session.hpp", "#pragma once")
        self.assert_offence("plugins/aten/unary.cpp", 1, '"../ep_ort/session.hpp"',
                            '"../ep_ort/session.hpp" leaves plugins/aten')

    def test_the_sdk_knows_nothing_of_the_framework(self):
        self.assert_offence("sdk/include/fairlead/sdk/value.hpp", 1, '"ir/graph.hpp"',
                            '"ir/graph.hpp": the SDK knows nothing of the framework')

    def test_rooms_that_call_no_plugins_do_not_read_the_sdk(self):
        self.assert_offence("framework/ir/graph.cpp", 1, "<fairlead/sdk/abi/base.h>",
                            "<fairlead/sdk/abi/base.h>: ir does not know plugins")

    def test_tools_see_export_and_what_it_speaks_of(self):
        self.assert_allowed("tools/fairlead/main.cpp", '"export/export_run.hpp"', '"ir/text.hpp"', "<fairlead/exporter.hpp>",
                            "<boost/program_options.hpp>")
        self.assert_offence("tools/fairlead/main.cpp", 4, '"passes/passes.hpp"',
                            '"passes/passes.hpp": tools may include export/, what it speaks of, and public headers')

    def test_public_headers_show_no_room(self):
        self.assert_offence("framework/include/fairlead/exporter.hpp", 1, '"ir/graph.hpp"',
                            '"ir/graph.hpp": a public header does not show a room')

    def test_public_headers_show_no_third_party(self):
        self.assert_offence("framework/include/fairlead/exporter.hpp", 1, "<fmt/format.h>",
                            "<fmt/format.h>: a public header shows no third party")

    def test_third_parties_stand_behind_their_doors(self):
        for header, door, places in [("boost/dll/shared_library.hpp", "boost/dll", "framework/plugin/"),
                                     ("boost/program_options.hpp", "boost/program_options.hpp", "tools/"),
                                     ("google/protobuf/message.h", "google/protobuf", "framework/onnx/"),
                                     ("onnx/onnx_pb.h", "onnx", "framework/onnx/"), ("rapidjson/reader.h", "rapidjson", "framework/archive/"),
                                     ("zlib.h", "zlib.h", "framework/archive/"), ("tbb/parallel_for.h", "tbb", "framework/base/"),
                                     ("onnxruntime_c_api.h", "onnxruntime_c_api.h", "plugins/ep_ort/")]:
            with self.subTest(header=header):
                self.assert_offence("framework/frontend/x.cpp", 1, f"<{header}>", f"<{header}>: {door} stands behind {places}")
                self.write("framework/frontend/x.cpp", "")
                self.assert_allowed(places + "x.cpp", f"<{header}>")

    def test_a_third_party_without_a_door_is_an_offence(self):
        self.assert_offence("framework/ir/x.cpp", 1, "<absl/strings/str_cat.h>",
                            "<absl/strings/str_cat.h>: no room has a door to absl")

    def test_a_header_that_does_not_exist_is_an_offence(self):
        self.assert_offence("framework/ir/x.cpp", 1, '"common/x.hpp"',
                            '"common/x.hpp" is neither a header of a room nor beside this file')

    def test_a_file_of_more_than_700_lines_is_an_offence(self):
        self.write("framework/ir/long.cpp", *["//"] * 701)
        self.write("framework/ir/full.cpp", *["//"] * 700)
        self.write("framework/aten/schemas.inc", "// Generated by tools/generators/aten_schemas.py", *["//"] * 800)
        self.write("plugins/ep_ort/third_party/vendor.h", *["//"] * 800)
        self.assertEqual(self.offences(), ["framework/ir/long.cpp:701: 701 lines, at most 700 are one story"])

    def test_a_rule_without_a_row_is_an_offence(self):
        self.write("framework/diagnostics/rules.cpp", '    {"FL1001", "UnreadableProgram", kE, kInput, "…", "…"},')
        self.write("framework/ir/text.cpp", 'return Error("FL1001", "…");', 'return Error("FL1099", "…");')
        self.write("framework/ir/text_test.cpp", 'Error("FL0000", "…");')
        rows, offences = check_rule_ids.check(self.root)
        self.assertEqual(rows, {"FL1001"})
        self.assertEqual(offences, ["framework/ir/text.cpp:2: FL1099 has no row in framework/diagnostics/rules.cpp"])

    def test_a_rule_that_nothing_reports_is_reserved(self):
        self.write("framework/diagnostics/rules.cpp", *[f'    {{"FL100{i}", "Name", kE, kInput, "…", "…"}},' for i in range(1, 5)],
                   "constexpr std::string_view kReserved[] = {", '    "FL1002", "FL1003",', '    "FL1009",', "};")
        self.write("framework/ir/text.cpp", 'return Error("FL1001", "…");', '// "FL1002" and "FL1004"', 'return Error("FL1003", "…");')
        self.assertEqual(check_rule_ids.check(self.root)[1], [
            "framework/diagnostics/rules.cpp: FL1009 is reserved and has no row",
            "framework/ir/text.cpp:3: FL1003 is in kReserved of framework/diagnostics/rules.cpp",
            "framework/diagnostics/rules.cpp: nothing names FL1004, and it is not in kReserved"])


if __name__ == "__main__":
    unittest.main()
