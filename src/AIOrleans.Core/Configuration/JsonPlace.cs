namespace AIOrleans.Core.Configuration;

/// <summary>Where a value stands. Its path is put together only when a message names it: a file has millions of places and few mistakes.</summary>
internal sealed class JsonPlace
{
    private const int NoItem = -1;

    private readonly JsonPlace? owner;
    private readonly string name;
    private readonly int item;

    /// <param name="path">The path of what has no owner: <see cref="JsonPath.Root"/>, mostly.</param>
    public JsonPlace(string path)
    {
        name = path;
        item = NoItem;
    }

    private JsonPlace(JsonPlace owner, string name, int item)
    {
        this.owner = owner;
        this.name = name;
        this.item = item;
    }

    public JsonPlace Property(string property) => new(this, property, NoItem);

    /// <summary>An item of the array <paramref name="property"/>.</summary>
    public JsonPlace Item(string property, int index) => new(this, property, index);

    /// <summary>Such as <c>$.tenants[0].id</c>.</summary>
    public override string ToString()
    {
        if (owner is null)
        {
            return name;
        }

        string path = JsonPath.Property(owner.ToString(), name);
        return item == NoItem ? path : JsonPath.Item(path, item);
    }
}
