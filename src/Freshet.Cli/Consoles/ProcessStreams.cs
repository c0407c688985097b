using System.Text;

namespace Freshet.Cli.Consoles;

/// <summary>The streams of this process.</summary>
internal sealed class ProcessStreams : IConsoleStreams
{
    private const int BufferChars = 4096;
    private const int FallbackWidth = 80;
    private const int FallbackHeight = 24;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Interruption _interruption;
    private TextWriter? _error;
    private Stream? _in;

    public ProcessStreams(Interruption interruption)
    {
        _interruption = interruption;
        OutBytes = new OutputStream(OpenOut());
        Out = new StreamWriter(OutBytes, Utf8, BufferChars, leaveOpen: true) { NewLine = "\n" };
    }

    public TextWriter Out { get; }

    public Stream OutBytes { get; }

    public TextWriter Error => _error ??= new StreamWriter(OpenError(), Utf8, -1) { NewLine = "\n", AutoFlush = true };

    public Stream In => _in ??= Console.OpenStandardInput();

    public bool OutIsTerminal { get; } = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public bool ErrorIsTerminal => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public bool AllowsColor { get; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public int Width => Window is { Columns: > 0 } window ? window.Columns : FallbackWidth;

    public int Height => Window is { Rows: > 0 } window ? window.Rows : FallbackHeight;

    public int InterruptedExitCode => _interruption.ExitCode;

    public IDisposable? ControlJob(Action leave, Action resume) => OperatingSystem.IsWindows() ? null : new JobControl(leave, resume);

    private static (int Columns, int Rows)? Window
    {
        get
        {
            if (OperatingSystem.IsLinux())
                return Native.GetWindowSize() is { } size ? (size.Columns, size.Rows) : null;
            try
            {
                return (Console.WindowWidth, Console.WindowHeight);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private static Stream OpenOut() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new DescriptorStream(1);

    private static Stream OpenError() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new DescriptorStream(2);
}
