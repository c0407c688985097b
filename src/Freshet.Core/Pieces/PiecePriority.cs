namespace Freshet.Core.Pieces;

/// <summary>The priority of a piece or file. Higher priorities are requested first.</summary>
public enum PiecePriority
{
    /// <summary>Not wanted: never requested.</summary>
    Skip,

    /// <summary>After all others.</summary>
    Low,

    /// <summary>The default.</summary>
    Normal,

    /// <summary>Before normal ones.</summary>
    High,

    /// <summary>Before all others: the beginning and the end of a file, if those are to be downloaded first.</summary>
    Edge,
}
