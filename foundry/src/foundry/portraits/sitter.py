"""Somebody who sits for photos: a figure with all that it wears and shows."""

from foundry.portraits.clothing import Clothing, Cuts
from foundry.portraits.drawing import Part
from foundry.portraits.features import Features
from foundry.portraits.figure import Anatomy, Figure
from foundry.portraits.haircut import Haircut
from foundry.portraits.headwear import Headwear
from foundry.portraits.pack import Floats
from foundry.portraits.person import Person
from foundry.portraits.photo import Photo
from foundry.portraits.skin import skin_part
from likeness.engine.acting.moment import Moment


class Sitter:
    """One person, ready for many photos: what those share is made once, and kept."""

    def __init__(self, anatomy: Anatomy, cuts: Cuts, person: Person) -> None:
        self.figure = Figure(anatomy, person)
        self._headwear = Headwear(self.figure)
        self._clothing = Clothing(self.figure, cuts)
        body = self.figure.body_mesh()
        self._haircut = Haircut(self.figure, self._headwear, body)
        self._haircut.bake()
        self.figure.forget()
        self._body = body.relit(self.figure.body_mesh())
        self._features = Features(self.figure)

    def pose(self, moment: Moment) -> Floats:
        """Takes on the moment's expression; returns the vertices (N, 3) with it."""
        return self._features.pose(self._body, moment)

    def parts(self, photo: Photo, moment: Moment) -> list[Part]:
        """All that is drawn of the person, after `pose`."""
        return [
            skin_part(self.figure, self._clothing.bare(self._body, photo)),
            *self._features.parts(moment),
            *self._clothing.parts(photo),
            *self._haircut.parts(photo.hat.kind if photo.hat else None),
            *self._headwear.parts(photo),
        ]
