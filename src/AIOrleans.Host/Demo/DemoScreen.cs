namespace AIOrleans.Host.Demo;

/// <summary>Tells the tour in plain text; colour only where a person looks at a terminal.</summary>
internal sealed class DemoScreen(TextWriter output, bool hasColour)
{
    /// <summary>Columns of text: the narrowest terminal that is still common.</summary>
    private const int WidthMax = 80;

    private const int NameWidth = 34;
    private const string Indent = "   ";
    private const string Bold = "1";
    private const string Dim = "2";
    private const string Red = "31";
    private const string Green = "32";
    private const string Cyan = "36";

    private int scenes;

    /// <summary>Standard output, in colour when it is a terminal. Source: no-color.org for <c>NO_COLOR</c>.</summary>
    public static DemoScreen OfConsole() => new(
        Console.Out,
        !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));

    public void Open(Uri url)
    {
        output.WriteLine(Paint("AIOrleans, a tour", Bold));
        Say($"A gateway of its own runs at {url} with simulated providers: no keys, no network. Its data goes away with it.");
    }

    public void Scene(string title)
    {
        scenes++;
        output.WriteLine();
        output.WriteLine(Paint($"{scenes}. {title}", Bold));
    }

    /// <summary>A sentence or two, wrapped.</summary>
    public void Say(string text)
    {
        foreach (string line in Wrap(text))
        {
            output.WriteLine(Indent + line);
        }
    }

    /// <summary>A fact: a header or number by its name.</summary>
    public void Show(string name, string value) => output.WriteLine($"{Indent}{Paint(name.PadRight(NameWidth), Dim)} {value}");

    /// <summary>What somebody said, wrapped: a prompt or an answer.</summary>
    public void Quote(string who, string text)
    {
        foreach (string line in Wrap($"{who}: {text}"))
        {
            output.WriteLine(Indent + Paint(line, Cyan));
        }
    }

    /// <summary>A line whose words come one by one; each is seen at once.</summary>
    public void BeginWords(string who)
    {
        output.Write($"{Indent}{who}: ");
        output.Flush();
    }

    public void Word(string word)
    {
        output.Write(Paint(word, Cyan));
        output.Flush();
    }

    public void EndWords() => output.WriteLine();

    /// <summary>A claim that the tour makes: shown as held, or the end of the tour.</summary>
    /// <param name="seen">What was seen, told when it did not hold.</param>
    /// <exception cref="DemoClaimException">It did not hold.</exception>
    public void Claim(string claim, bool holds, string seen)
    {
        if (!holds)
        {
            throw new DemoClaimException(claim, seen);
        }

        string[] lines = [.. Wrap(claim, 5)];
        output.WriteLine($"{Indent}{Paint("ok", Green)}   {lines[0]}");
        foreach (string line in lines.Skip(1))
        {
            output.WriteLine($"{Indent}     {line}");
        }

        output.Flush();
    }

    public void End(string text)
    {
        output.WriteLine();
        output.WriteLine(Paint(text, Green));
        output.Flush();
    }

    public void Fail(params string[] lines)
    {
        output.WriteLine();
        foreach (string line in lines)
        {
            output.WriteLine(Paint(line, Red));
        }

        output.Flush();
    }

    private static IEnumerable<string> Wrap(string text, int indentMore = 0)
    {
        int width = WidthMax - Indent.Length - indentMore;
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    private string Paint(string text, string colour) => hasColour ? $"\e[{colour}m{text}\e[0m" : text;
}
