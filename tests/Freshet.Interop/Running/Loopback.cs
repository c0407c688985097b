using System.Globalization;
using System.Net;

namespace Freshet.Interop.Running;

/// <summary>
/// Addresses in 127.0.0.0/8 that nobody else has. Each client gets an address of its own: clients count peers, and some forbid a second
/// connection, by address.
/// </summary>
public static class Loopback
{
    // States of sockets, as the kernel's tables have them.
    private const string Listening = "0A";
    private const string Unconnected = "07";

    private static int _address;

    public static IPAddress NextAddress()
    {
        int process = Environment.ProcessId;
        int host = (Interlocked.Increment(ref _address) % 250) + 2;
        return new IPAddress([127, (byte)(100 + (process / 250 % 100)), (byte)(1 + (process % 250)), (byte)host]);
    }

    /// <summary>
    /// Whether a process in the network of this one listens there, according to the kernel's table: the listener would notice a connection.
    /// </summary>
    public static bool IsListening(IPEndPoint endPoint, int processId) =>
        HasSocket($"/proc/{processId}/net/tcp", Listening, endPoint) || HasSocket($"/proc/{processId}/net/tcp6", Listening, endPoint);

    /// <summary>Whether a process in the network of this one receives the datagrams that are sent there.</summary>
    public static bool IsReceiving(IPEndPoint endPoint, int processId) =>
        HasSocket($"/proc/{processId}/net/udp", Unconnected, endPoint) || HasSocket($"/proc/{processId}/net/udp6", Unconnected, endPoint);

    // A line has its number, the local address and port, the remote address and port, and the state.
    private static bool HasSocket(string table, string state, IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[4];
        endPoint.Address.TryWriteBytes(bytes, out _);
        string address = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes).ToString("X8", CultureInfo.InvariantCulture);
        string port = endPoint.Port.ToString("X4", CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines(table).Skip(1).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Any(fields => fields[3] == state && fields[1].Split(':') is [string where, string at] && at == port
                    && (where.EndsWith(address, StringComparison.Ordinal) || where.All(static digit => digit == '0')));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process has ended.
            return false;
        }
    }
}
