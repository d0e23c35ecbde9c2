"""Pictures and sound: the ffmpeg seam, probing, fonts, layout, captions, segments, mastering."""
