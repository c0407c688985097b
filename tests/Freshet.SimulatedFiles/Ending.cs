namespace Freshet.SimulatedFiles;

/// <summary>How a run ends, and which of its unflushed changes survive.</summary>
internal enum Ending
{
    /// <summary>
    /// The process is killed. The system continues and has everything that it was given, but has not written any of it yet.
    /// </summary>
    Kill,

    /// <summary>The power is cut, and everything that was not flushed is lost.</summary>
    NothingSurvives,

    /// <summary>The power is cut. Names and lengths were written; bytes were not, and read as zeros.</summary>
    NamesSurvive,

    /// <summary>The power is cut. Bytes were written; names were not.</summary>
    DataSurvives,

    /// <summary>The power is cut. A random choice of names, pages, and sectors of pages was written, in no particular order.</summary>
    Torn,
}
