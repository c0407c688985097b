namespace Freshet.Core.Wire;

/// <summary>Describes faults for people.</summary>
internal static class FrameFaultWords
{
    /// <summary>The fault as the end of a sentence that begins "the peer sent".</summary>
    public static string Describe(this FrameFault fault) => fault switch
    {
        FrameFault.WrongLength => "a message of the wrong length for its kind",
        FrameFault.TooLong => "a message that is too long for its kind",
        FrameFault.WrongBitfieldLength => "a bitfield whose length does not match the torrent",
        FrameFault.NumberTooLarge => "a piece, offset or length that no torrent has",
        _ => "a well-formed message",
    };
}
