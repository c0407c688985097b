namespace Freshet.Core.Dht.Krpc;

/// <summary>Why a datagram is not an acceptable message.</summary>
internal enum KrpcFault
{
    None,

    /// <summary>It is not bencoded, is longer or more deeply nested than a message can be, or has trailing data.</summary>
    NotBencoded,

    /// <summary>It is not a dictionary with a kind and a transaction id of 1 to 32 bytes.</summary>
    NotAMessage,

    /// <summary>A query or response lacks its dictionary, or the sender's id is not 20 bytes long.</summary>
    NoSender,

    /// <summary>A field has an invalid type, length or value; this includes a list of nodes with an incomplete entry.</summary>
    InvalidField,
}
