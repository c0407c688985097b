using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>An announce in an <see cref="AnnounceQueue"/>.</summary>
/// <param name="host">The tracker's host with its port, and the address family where it matters: what works or is dead as one.</param>
/// <param name="urgency">How urgent it is.</param>
internal class AnnounceTicket(string host, AnnounceUrgency urgency)
{
    public string Host { get; } = host;

    public AnnounceUrgency Urgency { get; } = urgency;

    /// <summary>When it was queued. Written by the queue alone, like all below.</summary>
    public Timestamp Since { get; set; }

    public AnnounceTicketState State { get; set; }

    /// <summary>Its place among all that wait, and among those of its host and urgency.</summary>
    public LinkedListNode<AnnounceTicket>? Place { get; set; }

    /// <inheritdoc cref="Place"/>
    public LinkedListNode<AnnounceTicket>? PlaceAtHost { get; set; }
}
