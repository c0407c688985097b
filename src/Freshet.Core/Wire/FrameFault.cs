namespace Freshet.Core.Wire;

/// <summary>Why bytes are not a valid peer message.</summary>
internal enum FrameFault
{
    None,

    /// <summary>The length is wrong for a message of this kind.</summary>
    WrongLength,

    /// <summary>The message exceeds the limit for its kind.</summary>
    TooLong,

    /// <summary>The bitfield's length does not match the torrent.</summary>
    WrongBitfieldLength,

    /// <summary>A piece, offset or length of 2^31 or more, which no torrent has.</summary>
    NumberTooLarge,
}
