"""What we ask: WTForms only, no database and no current user. `services.kinds` lists the survey kinds in order."""
