namespace Freshet.Core.Utp;

/// <summary>An address and port, in the representation of the socket's owner.</summary>
internal interface IUtpAddress
{
    /// <summary>Bytes of the longest packet that the local network carries to it, without IP and UDP headers.</summary>
    int LongestPacket { get; }

    /// <summary>Writes the address; 32 bytes are enough.</summary>
    void WriteTo(Span<byte> bytes);
}
