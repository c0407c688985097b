namespace Freshet.Core.Dht.Searching;

internal enum CandidateState
{
    /// <summary>Not asked yet.</summary>
    New,

    Asked,

    /// <summary>Asked, and late: others are asked meanwhile.</summary>
    Slow,

    Answered,

    Failed,
}
