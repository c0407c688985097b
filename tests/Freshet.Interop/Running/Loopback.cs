using System.Globalization;
using System.Net;

namespace Freshet.Interop.Running;

/// <summary>
/// Addresses in 127.0.0.0/8 that nobody else has. Each client gets an address of its own: clients count peers, and some forbid a second
/// connection, by address.
/// </summary>
public static class Loopback
{
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
        HasListener($"/proc/{processId}/net/tcp", endPoint) || HasListener($"/proc/{processId}/net/tcp6", endPoint);

    // A line has its number, the local address and port, the remote address and port, and the state, which is 0A for a listener.
    private static bool HasListener(string table, IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[4];
        endPoint.Address.TryWriteBytes(bytes, out _);
        string address = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes).ToString("X8", CultureInfo.InvariantCulture);
        string port = endPoint.Port.ToString("X4", CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines(table).Skip(1).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Any(fields => fields[3] == "0A" && fields[1].Split(':') is [string where, string at] && at == port
                    && (where.EndsWith(address, StringComparison.Ordinal) || where.All(static digit => digit == '0')));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process has ended.
            return false;
        }
    }
}
