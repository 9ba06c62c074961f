"""Options."""

from pathlib import Path

import pytest

from likeness.cli.checked import ServerSettings, WorkerSettings
from likeness.settings import BadSettings, Settings, addresses_of


def test_every_option_has_a_default_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.read()
    assert settings.base == "mini"
    assert all(field.description for field in Settings.model_fields.values())


def test_all_mistakes_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_PORTT", "1")
    monkeypatch.setenv("LIKENESS_LEASE", "-1")
    monkeypatch.setenv("LIKENESS_PUBLIC_URL", "ftp://x")
    with pytest.raises(BadSettings) as caught:
        Settings.read(port=70000)
    told = str(caught.value)
    assert len(caught.value.mistakes) == 4
    for word in ("LIKENESS_PORTT", "did you mean LIKENESS_PORT?", "LIKENESS_LEASE", "http://"):
        assert word in told
    assert "LIKENESS_PORT: " in told


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_PORT", "1000")
    assert Settings.read().port == 1000
    assert Settings.read(port=2000).port == 2000
    assert Settings.read(port=None).port == 1000


def test_a_child_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.read(
        data=Path("a folder"), secret="s", threads=2, public_url="https://x/", xai_key="k"
    )
    assert settings.public_url == "https://x"
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert Settings.read() == settings


def test_the_secret_is_not_shown() -> None:
    assert "hidden" not in repr(Settings.read(secret="hidden"))


def test_keys_are_not_shown_even_when_they_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hidden" not in repr(Settings.read(openai_key="hidden"))
    monkeypatch.setenv("LIKENESS_GOOGLE_KEY", "hidden with spaces")
    with pytest.raises(BadSettings) as caught:
        Settings.read()
    assert "LIKENESS_GOOGLE_KEY: must be plain characters" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_a_database_is_named_by_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://likeness:hidden@db:5432/likeness?sslmode=require"
    settings = Settings.read(database_url=url)
    assert settings.database_url and settings.database_url.get_secret_value() == url
    assert settings.environment()["LIKENESS_DATABASE_URL"] == url
    assert "hidden" not in repr(settings)
    assert Settings.read(database_url=" ").database_url is None
    monkeypatch.setenv("LIKENESS_DATABASE_URL", "mysql://likeness:hidden@db/likeness")
    with pytest.raises(BadSettings, match="must begin with postgresql://") as caught:
        Settings.read()
    assert "hidden" not in str(caught.value)
    monkeypatch.setenv("LIKENESS_DATABASE_URL", "postgresql://likeness:hidden/secret@db/likeness")
    with pytest.raises(BadSettings, match="%2F") as caught:
        Settings.read()
    assert "hidden" not in str(caught.value)


def test_blobs_are_named_by_their_bucket() -> None:
    for url in ("s3://bucket", "s3://bucket/folder", "s3://my.bucket-2/folder/of_ours"):
        assert Settings.read(blob_url=f"{url}/").blob_url == url
    assert Settings.read(blob_url="").blob_url is None
    for wrong in (
        "bucket",
        "s3://",
        "s3://Bucket/",
        "https://bucket.s3.example",
        "s3://bucket/../c",
    ):
        with pytest.raises(BadSettings, match="LIKENESS_BLOB_URL"):
            Settings.read(blob_url=wrong)


def test_servers_of_one_database_share_their_secret() -> None:
    url = "postgresql://db/likeness"
    with pytest.raises(BadSettings, match="LIKENESS_SECRET: must be set"):
        ServerSettings.read(database_url=url)
    assert ServerSettings.read(database_url=url, secret="s").secret
    assert ServerSettings.read().secret is None


def test_a_worker_of_its_own_is_told_what_it_lacks() -> None:
    with pytest.raises(BadSettings, match="LIKENESS_DATABASE_URL: must be set") as mistakes:
        WorkerSettings.read()
    assert "LIKENESS_BLOB_URL: must be set" in str(mistakes.value)
    assert WorkerSettings.read(database_url="postgresql://db/l", blob_url="s3://bucket/folder")


def test_an_empty_key_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_OPENAI_KEY", " ")
    monkeypatch.setenv("LIKENESS_KLING_KEY", "access:secret\n")
    keys = Settings.read().provider_keys
    assert {name: key.get_secret_value() for name, key in keys.items()} == {
        "kling": "access:secret"
    }


def test_addresses_of_providers() -> None:
    listed = "openai=https://a.example/v1/, google = http://b.example ,"
    assert addresses_of(Settings.read(provider_urls=listed).provider_urls) == {
        "openai": "https://a.example/v1",
        "google": "http://b.example",
    }
    for wrong in ("https://a.example", "nobody=https://a.example", "openai=a.example"):
        with pytest.raises(BadSettings, match="LIKENESS_PROVIDER_URLS"):
            Settings.read(provider_urls=wrong)


@pytest.mark.parametrize(
    ("public_models", "base", "drawn_by"),
    [
        (None, "mini", "local"),
        (None, "other", "off"),
        ("off", "mini", "off"),
        ("local", "other", "local"),
        ("providers", "mini", "providers"),
    ],
)
def test_what_draws_for_public_models(public_models: str | None, base: str, drawn_by: str) -> None:
    assert Settings.read(public_models=public_models, base=base).public_models_by == drawn_by


@pytest.mark.parametrize(
    ("public_models", "base", "made_by"),
    [
        (None, "mini", "local"),
        (None, "other", "local"),
        ("local", "other", "local"),
        ("off", "mini", "off"),
        ("providers", "mini", "providers"),
    ],
)
def test_a_pipeline_makes_public_videos_where_nothing_else_is_said(
    tmp_path: Path, public_models: str | None, base: str, made_by: str
) -> None:
    (tmp_path / "model_index.json").touch()
    named = Settings.read(public_models=public_models, base=base, video_base=tmp_path)

    assert named.public_videos_by == made_by
    unnamed = Settings.read(public_models=public_models, base=base)
    assert unnamed.public_videos_by == unnamed.public_models_by


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[models]\nnanobananna = 3", "there are no public models nanobananna"),
        ("generation = -3\nvidio = 1", "generation: .*; .*vidio: "),
    ],
)
def test_prices_are_looked_at(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text)
    with pytest.raises(BadSettings, match=f"LIKENESS_PRICES: .*{words}"):
        ServerSettings.read(prices=file)
    file.write_text("generation = 3\n[models]\nnanobanana = 5")
    assert ServerSettings.read(prices=file).prices == file


def test_a_pipeline_for_videos_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="LIKENESS_VIDEO_BASE"):
        Settings.read(video_base=tmp_path)


def test_the_readme_names_every_option() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"| `LIKENESS_{name.upper()}` |" in readme
        assert f"| {field.description} |" in readme
