namespace Freshet.Core.Pieces;

/// <summary>Where a block of a begun piece stands.</summary>
internal enum BlockState : byte
{
    /// <summary>Nobody is asked for it.</summary>
    Free,

    /// <summary>At least one peer is asked for it.</summary>
    Requested,

    /// <summary>It has arrived, and is written or being written.</summary>
    Received,
}
