namespace Freshet.Core.Dht.Krpc;

/// <summary>Why a datagram is no message that we take.</summary>
internal enum KrpcFault
{
    None,

    /// <summary>It is not bencoded, is longer or deeper than a message can be, or something follows.</summary>
    NotBencoded,

    /// <summary>It is not a dictionary with a kind and a transaction id of 1 to 32 bytes.</summary>
    NotAMessage,

    /// <summary>A query or response without its dictionary, or whose sender's id has not 20 bytes.</summary>
    NoSender,

    /// <summary>A field has a type, a length or a value that it cannot have; a list of nodes of odd length is one.</summary>
    InvalidField,
}
