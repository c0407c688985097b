namespace Freshet.Core.Peers;

/// <summary>What is being done with a known address.</summary>
internal enum KnownPeerState
{
    /// <summary>May be dialled now.</summary>
    Ready,

    /// <summary>Left alone for a while.</summary>
    Resting,

    /// <summary>Dialled, no handshake yet.</summary>
    Dialling,

    /// <summary>We have a connection with it.</summary>
    Connected,

    /// <summary>A seed, while we need none: not dialled until we do.</summary>
    Useless,

    /// <summary>Is ourselves: never dialled again.</summary>
    Self,
}
