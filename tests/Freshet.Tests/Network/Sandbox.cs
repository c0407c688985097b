using System.Runtime.InteropServices;

namespace Freshet.Tests.Network;

/// <summary>Runs something while the kernel answers some calls with an error, as in containers with a narrow seccomp profile.</summary>
internal static unsafe partial class Sandbox
{
    private const int NoNewPrivileges = 38;
    private const int SetSeccomp = 22;
    private const nuint FilterMode = 2;

    private const ushort LoadWord = 0x20;
    private const ushort SkipUnlessEqual = 0x15;
    private const ushort Return = 0x06;
    private const uint Allow = 0x7FFF0000;
    private const uint Fail = 0x00050000;

    /// <summary>Whether that is possible here.</summary>
    public static bool IsPossible =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>The numbers of <c>recvmmsg</c> and <c>sendmmsg</c>.</summary>
    public static int[] BatchCalls =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? [299, 307] : [243, 269];

    /// <summary>The number of <c>setsockopt</c>.</summary>
    public static int[] SetOption => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? [54] : [208];

    /// <summary>The error <c>EPERM</c>.</summary>
    public const int NotPermitted = 1;

    /// <summary>Runs it on a thread of its own, which alone is restricted and ends afterwards.</summary>
    public static T Run<T>(int[] calls, int error, Func<T> function)
    {
        T? result = default;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Restrict(calls, error);
                result = function();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw failure;
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    private static void Restrict(int[] calls, int error)
    {
        // The number comes first in what the filter sees of a call.
        List<Instruction> filter = [new(LoadWord, 0, 0, 0)];
        foreach (int call in calls)
        {
            filter.Add(new Instruction(SkipUnlessEqual, 0, 1, (uint)call));
            filter.Add(new Instruction(Return, 0, 0, Fail | (uint)error));
        }

        filter.Add(new Instruction(Return, 0, 0, Allow));
        Span<Instruction> instructions = CollectionsMarshal.AsSpan(filter);
        fixed (Instruction* first = instructions)
        {
            Program program = new() { Length = (ushort)instructions.Length, First = first };
            if (Control(NoNewPrivileges, 1, 0, 0, 0) != 0 || Control(SetSeccomp, FilterMode, (nuint)(&program), 0, 0) != 0)
                throw new InvalidOperationException($"prctl failed with {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary><c>struct sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    /// <summary><c>struct sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Instruction* First;
    }
}
