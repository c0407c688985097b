namespace Freshet.SimulatedFiles;

/// <summary>How a run ends, and what of its unflushed changes survives.</summary>
internal enum Ending
{
    /// <summary>The process is killed; the system goes on with all that it was given, of which it has written nothing yet.</summary>
    Kill,

    /// <summary>The power goes, and with it all that was not flushed.</summary>
    NothingSurvives,

    /// <summary>The power goes; names and lengths were written, bytes were not, and read as zeros.</summary>
    NamesSurvive,

    /// <summary>The power goes; bytes were written, names were not.</summary>
    DataSurvives,

    /// <summary>The power goes; by chance some names, some pages and some sectors of pages were written, in no order.</summary>
    Torn,
}
