import gc

from kuznitsa.base.warm import settle


def test_what_is_loaded_is_out_of_the_collectors_sight():
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 100_000
        assert len(gc.get_objects()) < gc.get_freeze_count()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
