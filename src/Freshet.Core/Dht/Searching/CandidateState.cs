namespace Freshet.Core.Dht.Searching;

internal enum CandidateState
{
    /// <summary>Not queried yet.</summary>
    New,

    Asked,

    /// <summary>Queried and late: others are queried in the meantime.</summary>
    Slow,

    Answered,

    Failed,
}
