"""What stands around a camera: streets, scenery, traffic, light. Pure numpy, no picture is made here."""
