namespace Freshet.Core.Peers;

/// <summary>The state of a known address.</summary>
internal enum KnownPeerState
{
    /// <summary>It may be dialled now.</summary>
    Ready,

    /// <summary>It must not be dialled for a while.</summary>
    Resting,

    /// <summary>It is being dialled; the handshake is not complete.</summary>
    Dialling,

    /// <summary>It is connected.</summary>
    Connected,

    /// <summary>It is a seed and we are complete: not dialled until something is missing.</summary>
    Useless,

    /// <summary>It is our own address: never dialled again.</summary>
    Self,
}
