using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>An announce in an <see cref="AnnounceQueue"/>.</summary>
/// <param name="host">
/// The tracker's host and port, and the address family where it matters: everything that works or fails together.
/// </param>
/// <param name="urgency">The priority of the announce.</param>
internal class AnnounceTicket(string host, AnnounceUrgency urgency)
{
    public string Host { get; } = host;

    public AnnounceUrgency Urgency { get; } = urgency;

    /// <summary>The tracker's host and port whatever the family: what is not to be overloaded.</summary>
    public string Tracker { get; init; } = host;

    /// <summary>Whether it is sent as a datagram.</summary>
    public bool IsUdp { get; init; }

    /// <summary>When it was queued. Like everything below, written only by the queue.</summary>
    public Timestamp Since { get; set; }

    public AnnounceTicketState State { get; set; }

    /// <summary>Whether it was taken as one of <see cref="TrackerLimits.MaxFarewells"/>.</summary>
    public bool IsFarewell { get; set; }

    /// <summary>Its place among all waiting tickets, and among those of its host and urgency.</summary>
    public LinkedListNode<AnnounceTicket>? Place { get; set; }

    /// <inheritdoc cref="Place"/>
    public LinkedListNode<AnnounceTicket>? PlaceAtHost { get; set; }
}
