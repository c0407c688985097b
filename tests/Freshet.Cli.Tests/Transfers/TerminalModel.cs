using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Freshet.Cli.Tests.Transfers;

/// <summary>What a terminal shows after what was written to it: lines that wrap, and wrap again when the window's width changes.</summary>
internal sealed class TerminalModel(int width)
{
    private readonly List<StringBuilder> _lines = [new()];
    private int _line;
    private int _column;

    public int Width { get; set; } = width;

    /// <summary>The rows, wrapped, without trailing spaces and without the empty rows at the end.</summary>
    public string[] Rows
    {
        get
        {
            List<string> rows = [.. _lines.SelectMany(line => Wrap(line.ToString())).Select(row => row.TrimEnd())];
            while (rows.Count > 0 && rows[^1].Length == 0)
                rows.RemoveAt(rows.Count - 1);
            return [.. rows];
        }
    }

    public void Write(string text)
    {
        foreach (Match part in Regex.Matches(text, @"\e\[(?<n>[?\d;]*)(?<code>[A-Za-z])|\r|\n|[^\e\r\n]+"))
            Apply(part);
    }

    private void Apply(Match part)
    {
        if (part.Groups["code"].Success)
            Control(part.Groups["code"].Value, part.Groups["n"].Value);
        else if (part.Value == "\r")
            _column = 0;
        else if (part.Value == "\n")
            NewLine();
        else
            Put(part.Value);
    }

    private void Control(string code, string argument)
    {
        switch (code)
        {
            case "A":
                Up(int.Parse(argument, CultureInfo.InvariantCulture));
                break;
            case "K":
                _lines[_line].Length = Math.Min(_lines[_line].Length, _column);
                break;
            case "J":
                _lines[_line].Length = Math.Min(_lines[_line].Length, _column);
                _lines.RemoveRange(_line + 1, _lines.Count - _line - 1);
                break;
            case "m" or "h" or "l":
                break;
            default:
                throw new InvalidOperationException("Not known: " + code);
        }
    }

    /// <summary>Moves up by rows: a line that is wrapped takes several.</summary>
    private void Up(int rows)
    {
        for (; rows > 0 && _line > 0; _line--)
            rows -= Wrap(_lines[_line - 1].ToString()).Count();
        Assert.Equal(0, rows);
    }

    private void NewLine()
    {
        _column = 0;
        if (++_line == _lines.Count)
            _lines.Add(new StringBuilder());
    }

    private void Put(string text)
    {
        StringBuilder line = _lines[_line];
        line.Append(' ', Math.Max(0, _column - line.Length));
        line.Remove(_column, Math.Min(text.Length, line.Length - _column)).Insert(_column, text);
        _column += text.Length;
    }

    private IEnumerable<string> Wrap(string line) => line.Length == 0 ? [""] : line.Chunk(Width).Select(row => new string(row));
}
