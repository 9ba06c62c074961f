"""How this server reaches providers."""

from likeness.fetching import Fetcher
from likeness.providers.access import PROVIDERS, Access
from likeness.providers.errors import ProviderClosed
from likeness.providers.talk import Talk
from likeness.settings import Settings, addresses_of, networks_of


def talk_to(provider: str, settings: Settings) -> Talk:
    """A conversation with a provider. Raises ProviderClosed where there is no key for it."""
    key = settings.provider_keys.get(provider)
    if key is None:
        name = f"LIKENESS_{provider.upper()}_KEY"
        raise ProviderClosed(PROVIDERS[provider].title, f"{name} is not set any more")
    url = addresses_of(settings.provider_urls).get(provider)
    access = Access.to(provider, key.get_secret_value(), url)
    return Talk(access, fetcher=Fetcher(networks_of(settings.fetch_allow)))
