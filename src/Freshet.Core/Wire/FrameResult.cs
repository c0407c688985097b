namespace Freshet.Core.Wire;

/// <summary>What came of an attempt to read a message.</summary>
/// <param name="Status">Whether there is one.</param>
/// <param name="Length">
/// Done: bytes of the message, its length prefix counted. NeedMore: how many bytes the buffer must hold before it is worth trying
/// again (the message's length, or 4 while not even that is there). Malformed: 0.
/// </param>
/// <param name="Fault">Malformed: why.</param>
internal readonly record struct FrameResult(FrameStatus Status, int Length, FrameFault Fault)
{
    public static FrameResult Done(int length) => new(FrameStatus.Done, length, FrameFault.None);

    public static FrameResult NeedMore(int length) => new(FrameStatus.NeedMore, length, FrameFault.None);

    public static FrameResult Malformed(FrameFault fault) => new(FrameStatus.Malformed, 0, fault);
}
