namespace Freshet.Core.Trackers;

/// <summary>The state of an <see cref="AnnounceTicket"/>.</summary>
internal enum AnnounceTicketState
{
    /// <summary>Not in a queue, not yet or no longer.</summary>
    Out,

    /// <summary>Waiting for its turn.</summary>
    Waiting,

    /// <summary>In progress.</summary>
    UnderWay,
}
