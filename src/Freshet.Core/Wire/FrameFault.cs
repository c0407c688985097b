namespace Freshet.Core.Wire;

/// <summary>Why bytes are no peer message.</summary>
internal enum FrameFault
{
    None,

    /// <summary>The length is not what a message of this kind has.</summary>
    WrongLength,

    /// <summary>The message is longer than one of this kind may be.</summary>
    TooLong,

    /// <summary>The bitfield is not as long as the torrent's.</summary>
    WrongBitfieldLength,

    /// <summary>A piece, offset or length of 2^31 or more, which no torrent has.</summary>
    NumberTooLarge,
}
