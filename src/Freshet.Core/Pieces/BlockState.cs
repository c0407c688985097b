namespace Freshet.Core.Pieces;

/// <summary>The state of a block of a started piece.</summary>
internal enum BlockState : byte
{
    /// <summary>Not requested from anybody.</summary>
    Free,

    /// <summary>Requested from at least one peer.</summary>
    Requested,

    /// <summary>Received, and written or being written.</summary>
    Received,
}
