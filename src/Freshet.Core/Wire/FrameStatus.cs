namespace Freshet.Core.Wire;

/// <summary>Whether a message could be read.</summary>
internal enum FrameStatus
{
    /// <summary>There is a message.</summary>
    Done,

    /// <summary>The message is not complete yet.</summary>
    NeedMore,

    /// <summary>There is no way on in this stream of bytes.</summary>
    Malformed,
}
