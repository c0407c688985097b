return Freshet.Fuzz.Coverage.InstrumentedContext.Run(args);
