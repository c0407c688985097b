namespace Freshet.Network;

/// <summary>What bounds datagrams and the look-up of names.</summary>
internal static class NetworkLimits
{
    /// <summary>Datagrams that wait to be sent by one socket; more are dropped and counted.</summary>
    public const int MaxQueuedDatagrams = 512;

    /// <summary>Datagrams received at once, before others have their turn.</summary>
    public const int MaxReceivedDatagrams = 1_024;

    /// <summary>Protocols that share a UDP port.</summary>
    public const int MaxDatagramProtocols = 8;

    /// <summary>Seconds for a proxy to be connected to, all its addresses together if its host is a name.</summary>
    public const int ProxyTimeoutSeconds = 10;

    /// <summary>Seconds for a proxy to say whether it relays datagrams.</summary>
    public const int RelayTimeoutSeconds = 15;

    /// <summary>Host names looked up at once, each by a thread that the system's resolver may block for half a minute.</summary>
    public const int MaxNameLookups = 8;

    /// <summary>Host names that wait to be looked up.</summary>
    public const int MaxQueuedNameLookups = 1_000;
}
