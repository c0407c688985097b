namespace Freshet.Core.Utp;

/// <summary>An address with a port, as whoever moves the datagrams has it.</summary>
internal interface IUtpAddress
{
    /// <summary>Bytes of the longest packet that the local network carries to it, without the headers of IP and UDP.</summary>
    int LongestPacket { get; }

    /// <summary>Writes it; 32 bytes are enough.</summary>
    void WriteTo(Span<byte> bytes);
}
