"""A scenario: what is played, in which lab, and what the kernel must testify for it to count."""

import importlib
import pkgutil


class Scenario:
    def __init__(self, plot, story, play, settings):
        self.plot, self.story, self.play, self.settings = plot, story, play, settings
        self.prove = None

    def proves(self, check):
        """Decorates the acceptance check: a function of a Proof."""
        self.prove = check
        return check


SCENARIOS = {}


def scenario(plot, story, **settings):
    """Decorates the function that plays <topic>/<plot> in a Lab made with the settings."""

    def register(play):
        if plot in SCENARIOS:
            raise ValueError(f'two scenarios are called {plot}')
        SCENARIOS[plot] = Scenario(plot, story, play, settings)
        return SCENARIOS[plot]

    return register


def all_scenarios():
    """Every scenario of the package `scenarios`, by plot. One without an acceptance check is an error: nothing would vouch for it."""
    import scenarios

    for module in pkgutil.iter_modules(scenarios.__path__):
        importlib.import_module(f'scenarios.{module.name}')
    unproven = [plot for plot, each in SCENARIOS.items() if each.prove is None]
    if unproven:
        raise ValueError(f'no acceptance check: {", ".join(unproven)}')
    return dict(sorted(SCENARIOS.items()))
