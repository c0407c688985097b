using System.Text.RegularExpressions;

namespace Freshet.Interop.Running;

/// <summary>The system call at which a <see cref="SystemCallKill"/> has killed a program, as strace has logged it.</summary>
/// <param name="Thread">The name of the thread that was about to make it.</param>
/// <param name="Call">The call.</param>
/// <param name="Arguments">What it was called with; for handles of files, their paths.</param>
public sealed partial record SystemCallDeath(string Thread, string Call, string Arguments)
{
    /// <summary>Reads the log of a kill; null if there was none.</summary>
    public static SystemCallDeath? Read(string log, SystemCallKill kill)
    {
        // The call that kills is the last one of its thread, whatever other threads did until they died.
        Dictionary<string, int> calls = [];
        foreach (string line in File.ReadLines(log))
        {
            if (Entry().Match(line) is not { Success: true } entry)
                continue;
            string thread = entry.Groups["id"].Value;
            calls[thread] = calls.GetValueOrDefault(thread) + 1;
            if (calls[thread] == kill.Number)
                return new SystemCallDeath(entry.Groups["name"].Value, entry.Groups["call"].Value, entry.Groups["arguments"].Value);
        }

        return null;
    }

    public override string ToString() => $"{Call}({Arguments} on the thread \"{Thread}\"";

    // As in: 4242<Freshet state> fsync(17</state/record.tmp>) = ?
    [GeneratedRegex(@"^(?<id>\d+)<(?<name>[^>]*)>\s+(?<call>[a-z]\w*)\((?<arguments>.*)$")]
    private static partial Regex Entry();
}
