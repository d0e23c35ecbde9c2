from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import InvalidInput
from adcli.spec.load import load_campaign
from tests.spec.conftest import Complain, Load

SMALL = "name: demo\ncharacters: [{name: Maria}]\n"

BAD = [
    ("nme: x\n", "3:1: nme: found the unknown field 'nme'", "did you mean name?"),
    ("'': x\n", "3:1: '': found the unknown field ''", "expected a field"),
    ("aspect_ratio: [1:1]\n", "3:1: aspect_ratio: found the unknown field", "did you mean aspect_ratios?"),
    (
        "aspect_ratios: [9:17]\n",
        "3:17: aspect_ratios.0: found '9:17'",
        "expected one of 9:16, 4:5, 1:1, 16:9",
    ),
    ("aspect_ratios: [1:1, 1:1]\n", "3:16: aspect_ratios: found a list", "each entry once"),
    ("aspect_ratios: []\n", "3:16: aspect_ratios: found 0 entries", "at least 1"),
    ("aspect_ratios: 9:16\n", "3:16: aspect_ratios: found '9:16'", "a list"),
    ("duration: 4.9\n", "3:11: duration: found the number 4.9", "5 or more"),
    ("duration: 181\n", "3:11: duration: found the number 181", "180 or less"),
    ("duration: true\n", "3:11: duration: found true", "expected a number"),
    ("duration: '15'\n", "3:11: duration: found '15'", "expected a number"),
    ("duration: .inf\n", "3:11: duration: found '.inf'", "expected a number"),
    ("seed: -1\n", "3:7: seed: found the number -1", "0 or more"),
    ("seed: 2147483648\n", "3:7: seed: found the number 2147483648", "2147483647 or less"),
    ("seed: 1.5\n", "3:7: seed: found the number 1.5", "a whole number"),
    ("seed: true\n", "3:7: seed: found true", "a whole number"),
    ("language: english language\n", "3:11: language: found 'english language'", "such as en"),
    ("language: en\nlanguages: [en, de]\n", "4:12: languages:", "one of them"),
    ("hooks: 6\n", "3:8: hooks: found the number 6", "5 or less"),
    ("hooks: []\n", "3:8: hooks: found 0 entries", "at least 1"),
    ("hooks: true\n", "3:8: hooks: found true", "a whole number or a list"),
    ("hooks: [1]\n", "3:9: hooks.0: found the number 1", "text; put it in quotes"),
    ("captions: true\n", "3:11: captions: found true", "a map or false"),
    ("captions: {position: middle}\n", "3:22: captions.position: found 'middle'", "lower-middle"),
    ("captions: {active_color: whit}\n", "3:26: captions.active_color: found 'whit'", "did you mean white?"),
    ("captions: {bounce: yes}\n", "3:20: captions.bounce: found 'yes'", "true or false"),
    ("brand:\n  colors:\n    - #FFE135\n", "5:6: brand.colors.0: found nothing", "starts a comment"),
    ("brand: {colors: ['#12345G']}\n", "3:18: brand.colors.0: found '#12345G'", "'#RRGGBB'"),
    ("music: {file: a.mp3, prompt: x}\n", "3:8: music: found a map", "not both"),
    ("music: none\n", "3:8: music: found 'none'", "a map or false"),
    ("title: Hello\n", "3:8: title: found 'Hello'", "a map of fields"),
    ("title: {until: 2}\n", "3:8: title.text: found nothing", "required"),
    (
        "template: problem-solutions\n",
        "3:11: template: found 'problem-solutions'",
        "did you mean problem-solution?",
    ),
    ("template: ./mine.yaml\n", "3:11: template: found no file ./mine.yaml", "expected a template"),
    ("output: {to: ../elsewhere}\n", "3:14: output.to: found '../elsewhere'", "no .. parts"),
    ("output: {to: 's3://bucket//x'}\n", "3:14: output.to:", "s3://bucket/prefix"),
    ("output: {to: 's3://b/../x'}\n", "3:14: output.to:", "s3://bucket/prefix"),
    ("output: {to: ''}\n", "3:14: output.to: found empty text", "a folder"),
    ('output: {to: "a\\nb"}\n', "3:14: output.to:", "a folder"),
    ("output: {user_id: ..}\n", "3:19: output.user_id: found '..'", "one folder name"),
    ("output: {user_id: a/b}\n", "3:19: output.user_id: found 'a/b'", "one folder name"),
    ("output: {project_id: 'a\\b'}\n", "3:22: output.project_id: found 'a\\b'", "one folder name"),
    ('output: {project_id: "a\\e[2J"}\n', "3:22: output.project_id: found 'a�[2J'", "one folder name"),
    ("providers: [local]\n", "3:12: providers: found a list", "expected a map"),
    ("providers: {image: 5}\n", "3:20: providers.image: found the number 5", "expected text"),
    ("approve: [scripts]\n", "3:11: approve.0: found 'scripts'", "did you mean script?"),
    ("budget: {total: -1}\n", "3:17: budget.total: found the number -1", "0 or more"),
    ("budget: {total: $5}\n", "3:17: budget.total: found '$5'", "expected a number"),
    ("limits: {replicate: {concurrency: 0}}\n", "3:35: limits.replicate.concurrency:", "1 or more"),
    ("prices: {x:y: {usd: 1}}\n", "3:15: prices.x:y.unit: found nothing", "required"),
    ("prices: {x:y: {unit: mtok, usd: 1}}\n", "3:15: prices.x:y: found a map", "usd_out"),
    ("pins: {maria/hook/animate: 0}\n", "3:28: pins.maria/hook/animate:", "1 or more"),
    ("scenes: {hook: {fit: stretch}}\n", "3:22: scenes.hook.fit: found 'stretch'", "crop, pad"),
    (
        "product: {images: [nope.png], name: X}\n",
        "3:20: product.images.0: found no file",
        "PNG, JPEG or WebP",
    ),
    ("product: Serum\n", "3:10: product: found 'Serum'", "a map of fields"),
]


@pytest.mark.parametrize(("text", "place", "expected"), BAD)
def test_one_wrong_field_gives_one_line_with_place_field_and_what_was_expected(
    complain: Complain, text: str, place: str, expected: str
) -> None:
    [line] = complain(SMALL + text)
    assert line.startswith(f"campaign.yaml:{place}")
    assert expected in line


BAD_CHARACTERS = [
    ("characters: []\n", "2:13: characters: found no character"),
    ("characters: {}\n", "2:13: characters: found a map; expected a list"),
    ("characters: [Maria]\n", "2:14: characters.0: found 'Maria'; expected a map of fields"),
    ("characters: [{prompt: x}]\n", "2:14: characters.0.name: found nothing"),
    ("characters: [{name: ''}]\n", "2:21: characters.0.name: found 0 characters; expected at least 1"),
    ('characters: [{name: "a\\nb"}]\n', "2:21: characters.0.name: found 'a�b'; expected one line"),
    (
        "characters: [{name: A, id: 7}, {name: B, id: 7}]\n",
        "2:46: characters.1.id: found id 7 again (A has it)",
    ),
    ("characters: [{name: A, id: 2}, {name: B}]\n", "2:32: characters.1: found id 2 again"),
    ("characters: [{name: A, id: '7'}, {name: B, id: 7}]\n", "2:48: characters.1.id: found id 7 again"),
    ("characters: [{name: A, id: ../x}]\n", "2:28: characters.0.id: found '../x'"),
    (
        "characters: [{name: A, id: true}]\n",
        "2:28: characters.0.id: found true; expected a whole number or text",
    ),
    (
        "characters: [{name: A, script: 5}]\n",
        "2:32: characters.0.script: found the number 5; expected text or a map",
    ),
    ("characters: [{name: A, script: {hook: 5}}]\n", "2:39: characters.0.script.hook: found the number 5"),
    (
        "characters: [{name: A, voice_settings: {stability: 2}}]\n",
        "2:52: characters.0.voice_settings.stability:",
    ),
    (
        "characters: [{name: A, voiceSettings: {stabilty: 1}}]\n",
        "2:40: characters.0.voice_settings.stabilty:",
    ),
    ("characters: [{name: A}, {name: A h2}]\nhooks: 2\n", "2:32: characters.1.name: found a name whose ads"),
]


@pytest.mark.parametrize(("text", "place"), BAD_CHARACTERS)
def test_wrong_characters_are_reported_where_they_stand(complain: Complain, text: str, place: str) -> None:
    [line] = complain("name: demo\n" + text)
    assert line.startswith(f"campaign.yaml:{place}")


@pytest.mark.parametrize("name", ["Glow Serum", "GLOW", "../x", "a/b", "-x", "x" * 65, "ГЛОУ", "a.b", "."])
def test_a_name_that_is_no_slug_is_refused(complain: Complain, name: str) -> None:
    [line] = complain(f"name: '{name}'\ncharacters: [{{name: M}}]\n")
    assert line.startswith("campaign.yaml:1:7: name: found ")


def test_a_wrong_name_is_answered_with_its_slug(complain: Complain) -> None:
    [line] = complain("name: Glow Serum, Весна\ncharacters: [{name: M}]\n")
    assert line.endswith("did you mean glow-serum-vesna?")


def test_all_problems_of_all_kinds_come_at_once_in_the_order_of_the_file(complain: Complain) -> None:
    lines = complain(
        "name: X Y\nduration: 3\naspect_ratios: [9:17]\ntemplate: problemsolution\nduraton: 4\n"
        "characters:\n  - {prompt: 5, image: nope.png}\n  - {name: B, packshot: gone, image: 7}\n"
        "name: again\n"
    )
    assert [line.split(": ")[1] for line in lines] == [
        "name",
        "duration",
        "aspect_ratios.0",
        "template",
        "duraton",
        "characters.0.name",
        "characters.0.prompt",
        "characters.0.image",
        "characters.1.image",
        "name",
    ]


def test_at_most_20_problems_are_listed_and_the_rest_counted(load: Load) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(SMALL + "".join(f"wrong{n}: 1\n" for n in range(30)))
    assert len(caught.value.problems) == 20
    assert caught.value.hint == "there are 10 more problems"


def test_huge_values_are_clipped_and_control_characters_replaced(complain: Complain) -> None:
    [line] = complain(SMALL + 'template: "' + "x\\e[31m\\u202e" * 5 + "y" * 5000 + '"\n')
    assert len(line) < 400
    assert line.isprintable()


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="does not exist") as caught:
        load_campaign(tmp_path / "campaign.yaml")
    assert caught.value.exit_code == 3


def test_a_list_or_text_instead_of_a_campaign_is_refused(complain: Complain) -> None:
    assert complain("- name: x\n") == ["campaign.yaml:1:1: file: found a list; expected a map of fields"]
    assert complain("hello\n") == ["campaign.yaml:1:1: file: found 'hello'; expected a map of fields"]


def test_later_steps_can_name_the_place_of_a_field(load: Load) -> None:
    loaded = load(SMALL + "scenes:\n  body-9: {text: x}\n")
    problem = loaded.problem("scenes.body-9", "there is no such scene")
    assert (problem.line, problem.column) == (4, 11)
    assert loaded.problem("characters.0.script", "too long").line == 2
    assert loaded.problem("voiceover_text", "too long").line == 1


def test_a_packshot_by_name_is_found_among_the_assets(load: Load, folder: Path) -> None:
    (folder / "assets" / "packshots").mkdir()
    (folder / "assets" / "bottle.png").rename(folder / "assets" / "packshots" / "church.png")
    loaded = load("name: demo\ncharacters: [{name: M, packshot: church}]\n")
    packshot = loaded.packshot("church")
    assert packshot is not None
    assert packshot.image == "assets/packshots/church.png"
    assert packshot.image in loaded.assets
    assert loaded.warnings == ()


@pytest.mark.parametrize("name", ["gone", "../bottle", "a/b"])
def test_a_packshot_that_is_nowhere_is_a_warning(load: Load, name: str) -> None:
    loaded = load(f"name: demo\ncharacters: [{{name: M, packshot: {name}}}]\n")
    assert loaded.packshot(name) is None
    assert loaded.packshot(None) is None
    assert name in loaded.warnings[0]


def test_remote_material_is_listed_and_left_to_the_run(load: Load) -> None:
    loaded = load("name: demo\ncharacters: [{name: M, image: 's3://bucket/m.png'}]\n")
    assert [file.written for file in loaded.remote] == ["s3://bucket/m.png"]
    assert loaded.assets == {}


def test_paths_are_relative_to_the_campaign(
    load: Load, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    loaded = load("name: demo\ncharacters: [{name: M, image: assets/bottle.png}]\n")
    assert loaded.base == folder.resolve()
    assert loaded.assets["assets/bottle.png"].path == folder.resolve() / "assets" / "bottle.png"
