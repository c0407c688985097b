namespace Freshet.Core.Wire;

/// <summary>The result of an attempt to parse a message.</summary>
/// <param name="Status">Whether there is a message.</param>
/// <param name="Length">Done: bytes of the message, including its length prefix. NeedMore: how many bytes the buffer must hold before
/// another attempt is worthwhile (the message's length, or 4 while that is not complete either). Malformed: 0.</param>
/// <param name="Fault">Malformed: the reason.</param>
internal readonly record struct FrameResult(FrameStatus Status, int Length, FrameFault Fault)
{
    public static FrameResult Done(int length) => new(FrameStatus.Done, length, FrameFault.None);

    public static FrameResult NeedMore(int length) => new(FrameStatus.NeedMore, length, FrameFault.None);

    public static FrameResult Malformed(FrameFault fault) => new(FrameStatus.Malformed, 0, fault);
}
