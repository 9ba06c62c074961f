"""The moment at which a photo is taken."""

from foundry.portraits.photo import Photo
from likeness.engine.acting.expression import MOUTH_OPENS, TEETH_SHOW, unit_weights
from likeness.engine.acting.moment import Moment, level_gaze


def photo_moment(photo: Photo) -> Moment:
    """The moment at which the photo was taken."""
    weights = unit_weights(photo.expression)
    return Moment(
        yaw=photo.yaw,
        pitch=photo.pitch,
        roll=photo.roll,
        torso=photo.torso,
        gaze=(photo.gaze, level_gaze(photo.pitch)),
        weights={unit: weight * photo.strength for unit, weight in weights.items()},
        mouth=float(photo.expression in MOUTH_OPENS),
        teeth=float(photo.expression in TEETH_SHOW),
    )
