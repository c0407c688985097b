namespace Freshet.Core.Trackers;

/// <summary>Which of a torrent's trackers are announced to.</summary>
public enum AnnounceScope
{
    /// <summary>One: the first that answers, tier by tier, as BEP 12 has it.</summary>
    FirstThatAnswers,

    /// <summary>One of each tier: each tier is taken for a swarm of its own, and the trackers within it for mirrors.</summary>
    EachTier,

    /// <summary>Every tracker. Finds more peers, and costs the trackers more.</summary>
    All,
}
