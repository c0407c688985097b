namespace Freshet.Core.Trackers;

/// <summary>What has become of an <see cref="AnnounceTicket"/>.</summary>
internal enum AnnounceTicketState
{
    /// <summary>Not in a queue: not yet, or no more.</summary>
    Out,

    /// <summary>Waiting for its turn.</summary>
    Waiting,

    /// <summary>Its turn has come, and has not ended.</summary>
    UnderWay,
}
