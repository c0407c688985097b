namespace Freshet.Core.Trackers;

/// <summary>Which of a torrent's trackers to announce to.</summary>
public enum AnnounceScope
{
    /// <summary>One: the first that answers, tier by tier, as in BEP 12.</summary>
    FirstThatAnswers,

    /// <summary>One tracker of each tier: each tier is treated as a separate swarm, and the trackers within it as mirrors.</summary>
    EachTier,

    /// <summary>Every tracker. Finds more peers, but puts more load on the trackers.</summary>
    All,
}
