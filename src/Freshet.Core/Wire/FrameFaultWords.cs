namespace Freshet.Core.Wire;

/// <summary>Words for people.</summary>
internal static class FrameFaultWords
{
    /// <summary>The fault as the end of a sentence that begins "the peer sent".</summary>
    public static string Describe(this FrameFault fault) => fault switch
    {
        FrameFault.WrongLength => "a message whose length is not that of its kind",
        FrameFault.TooLong => "a message longer than one of its kind may be",
        FrameFault.WrongBitfieldLength => "a bitfield of another length than the torrent's",
        FrameFault.NumberTooLarge => "a piece, offset or length that no torrent has",
        _ => "a well-formed message",
    };
}
