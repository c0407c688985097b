namespace Freshet.Core.Wire;

/// <summary>Whether a message could be parsed.</summary>
internal enum FrameStatus
{
    /// <summary>There is a message.</summary>
    Done,

    /// <summary>The message is not complete yet.</summary>
    NeedMore,

    /// <summary>The byte stream cannot be parsed any further.</summary>
    Malformed,
}
