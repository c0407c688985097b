using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>An announce in an <see cref="AnnounceQueue"/>.</summary>
/// <param name="host">The tracker's host and port, and the address family where it matters: everything that works or fails
/// together.</param>
/// <param name="urgency">The priority of the announce.</param>
internal class AnnounceTicket(string host, AnnounceUrgency urgency)
{
    public string Host { get; } = host;

    public AnnounceUrgency Urgency { get; } = urgency;

    /// <summary>When it was queued. Like everything below, written only by the queue.</summary>
    public Timestamp Since { get; set; }

    public AnnounceTicketState State { get; set; }

    /// <summary>Its place among all waiting tickets, and among those of its host and urgency.</summary>
    public LinkedListNode<AnnounceTicket>? Place { get; set; }

    /// <inheritdoc cref="Place"/>
    public LinkedListNode<AnnounceTicket>? PlaceAtHost { get; set; }
}
