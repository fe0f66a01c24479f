import { describe, expect, it } from "vitest";

import { changeAll, type PersonChange } from "../../tools/torture/model/change-person.ts";
import {
  assign,
  effectiveDepartment,
  makeDepartment,
  reconcile,
} from "../../tools/torture/model/department-changes.ts";
import {
  type Directory,
  emptyDirectory,
  type Group,
  type Person,
} from "../../tools/torture/model/directory.ts";
import { type Filter, filterText, isMatch } from "../../tools/torture/model/filters.ts";
import {
  createGroup,
  deleteGroup,
  patchGroup,
  replaceGroup,
} from "../../tools/torture/model/group-changes.ts";
import {
  adoptByHand,
  createPerson,
  deletePerson,
  enrolPerson,
  type GivenPerson,
  patchPerson,
  removePerson,
  replacePerson,
  setActive,
} from "../../tools/torture/model/people.ts";
import { type PersonDocument, scimDocument } from "../../tools/torture/model/person-document.ts";
import { operationOf } from "../../tools/torture/model/person-operation.ts";
import { comparable, showGroup, showPerson } from "../../tools/torture/model/show.ts";
import cases from "./torture-change-cases.json" with { type: "json" };

/** The guarantee of the cast: the table beside this file is written in these terms. */
const CASES = cases as {
  name: string;
  before: PersonDocument;
  changes: PersonChange[];
  after: PersonDocument | string;
}[];

function created(directory: Directory, given: GivenPerson): Person {
  const outcome = createPerson(directory, given);
  if (!("person" in outcome)) throw new Error(`Refused with ${outcome.status}.`);
  outcome.person.id ||= `p${directory.people.length}`;
  return outcome.person;
}

function grouped(
  directory: Directory,
  displayName: string,
  members: Person[] = [],
  externalId?: string,
): Group {
  directory.now += 1;
  const outcome = createGroup(directory, { displayName, externalId, members });
  if (!("group" in outcome)) throw new Error(`Refused with ${outcome.status}.`);
  outcome.group.id = `g${directory.groups.length}`;
  return outcome.group;
}

const patched = (directory: Directory, person: Person, ...changes: PersonChange[]) =>
  patchPerson(directory, person, changes);

describe("the model's PATCH of a person", () => {
  it.each(CASES)("$name", ({ before, changes, after }) => {
    const untouched = structuredClone(before);
    expect(changeAll(before, changes)).toEqual(after);
    expect(before).toEqual(untouched);
  });

  it("is said in the dialects of Entra, Okta and the RFC", () => {
    const change = { kind: "text", attribute: "familyName", value: "Ruiz" } as const;
    const say = (capital: boolean, adds: boolean, pathless: boolean) =>
      operationOf(change, { capital, adds, pathless });
    expect(say(true, true, false)).toEqual({ op: "Add", path: "name.familyName", value: "Ruiz" });
    expect(say(false, false, true)).toEqual({
      op: "replace",
      value: { "name.familyName": "Ruiz" },
    });
    expect(
      operationOf(
        { kind: "active", value: false },
        { capital: true, adds: false, pathless: false },
      ),
    ).toEqual({ op: "Replace", path: "active", value: "False" });
  });
});

describe("the model's people", () => {
  it("are created once for each userName and address", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana@x.org" });
    expect(ana).toMatchObject({ version: 1, manual: false, document: { active: true } });
    const taken = { status: 409, scimType: "uniqueness" };
    expect(createPerson(directory, { userName: "ANA@X.ORG" })).toEqual(taken);
    const emails = [{ value: "ana@x.org", type: "work" as const }];
    expect(createPerson(directory, { userName: "other", emails })).toEqual(taken);
    expect(createPerson(directory, {})).toMatchObject({ status: 400 });
    expect(directory.applied).toBe(1);
  });

  it("are adopted, and keep what the request does not name", () => {
    const directory = emptyDirectory();
    const document = { userName: "ana@x.org", active: true, title: "Nurse", givenName: "Ana" };
    const enrolled = enrolPerson(directory, document);
    expect(enrolled.status).toBe(201);
    const adopted = created(directory, {
      userName: "ana@x.org",
      externalId: "e1",
      familyName: "Ruiz",
    });
    expect(directory.people).toEqual([adopted]);
    expect(adopted).toMatchObject({
      manual: false,
      version: 2,
      document: { ...document, externalId: "e1", familyName: "Ruiz" },
    });
  });

  it("come back when they are inactive, and are replaced", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana", externalId: "e1", title: "Nurse" });
    patched(directory, ana, { kind: "active", value: false });
    expect(created(directory, { userName: "anna", externalId: "e1" })).toBe(ana);
    expect(ana.document).toEqual({ userName: "anna", externalId: "e1", active: true });
    expect(ana.version).toBe(3);
  });

  it("are not chosen among", () => {
    const directory = emptyDirectory();
    for (const userName of ["ana", "ben"]) {
      const person = created(directory, { userName, externalId: userName });
      patched(directory, person, { kind: "active", value: false });
    }
    expect(createPerson(directory, { userName: "ana", externalId: "ben" }).status).toBe(409);
    expect(directory.people).toHaveLength(2);
  });

  it("keep their version when nothing changes, and are adopted all the same", () => {
    const directory = emptyDirectory();
    enrolPerson(directory, { userName: "ana", active: true });
    const [ana] = directory.people;
    if (ana === undefined) throw new Error("Nobody was enrolled.");
    expect(deletePerson(directory, ana)).toEqual({ status: 403 });
    expect(replacePerson(directory, ana, { userName: "ana" }).status).toBe(200);
    expect(replacePerson(directory, ana, { userName: "ana" }).status).toBe(200);
    expect(ana).toMatchObject({ manual: false, version: 2 });
    expect(directory.applied).toBe(2);
    expect(deletePerson(directory, ana)).toEqual({ status: 204 });
    expect(directory).toMatchObject({ people: [], applied: 3 });
  });

  it("stay active or inactive through a PUT, and lose what it leaves out", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana", title: "Nurse", active: false });
    replacePerson(directory, ana, { userName: "ana" });
    expect(ana.document).toEqual({ userName: "ana", active: false });
  });

  it("are shown with their groups, and without an extension that is empty", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana", givenName: "Ana" });
    grouped(directory, "Staff", [ana]);
    expect(showPerson(directory, ana)).toEqual({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      id: "p1",
      userName: "ana",
      active: true,
      name: { givenName: "Ana" },
      groups: [{ value: "g1", display: "Staff", type: "direct" }],
      meta: { resourceType: "User", version: 'W/"1"' },
    });
    expect(scimDocument({ userName: "ana", department: "IT" })).toMatchObject({
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "IT" },
    });
  });
});

describe("the model's groups", () => {
  it("have one name each, and change at once or not at all", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana" });
    grouped(directory, "Staff");
    const crew = grouped(directory, "Crew");
    const outcome = patchGroup(directory, crew, [
      { kind: "join", members: [ana] },
      { kind: "rename", displayName: "STAFF" },
    ]);
    expect(outcome).toEqual({ status: 409, scimType: "uniqueness" });
    expect(crew).toMatchObject({ displayName: "Crew", version: 1 });
    expect(crew.members.size).toBe(0);
  });

  it("rise by one version for each request that changes anything", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana" });
    const staff = grouped(directory, "Staff");
    patchGroup(directory, staff, [{ kind: "join", members: [ana, ana] }]);
    patchGroup(directory, staff, [{ kind: "join", members: [ana] }]);
    patchGroup(directory, staff, [{ kind: "join", members: [ana] }, { kind: "clear members" }]);
    replaceGroup(directory, staff, { displayName: "Staff", externalId: undefined, members: [] });
    expect(staff).toMatchObject({ version: 3 });
    expect(directory.applied).toBe(4);
  });

  it("leave the groups that they are in, which change", () => {
    const directory = emptyDirectory();
    const inner = grouped(directory, "Inner");
    const outer = grouped(directory, "Outer");
    patchGroup(directory, outer, [{ kind: "join", members: [inner] }]);
    deleteGroup(directory, inner);
    expect(outer.members.size).toBe(0);
    expect(outer.version).toBe(3);
  });

  it("show members however they are sorted", () => {
    const directory = emptyDirectory();
    const people = ["ana", "ben"].map((userName) => created(directory, { userName }));
    const staff = grouped(directory, "Staff", people);
    const shown = showGroup(staff);
    const turned = { ...shown, members: (shown["members"] as unknown[]).toReversed() };
    expect(comparable(turned)).toBe(comparable(shown));
    expect(comparable({ ...shown, members: [] })).not.toBe(comparable(shown));
  });
});

describe("the model's departments", () => {
  const nameOf = (directory: Directory, person: Person) => {
    const found = effectiveDepartment(directory, person);
    return found && `${found.department.name} by ${found.source}`;
  };

  it("come from the group that was joined last, else from the attribute", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana", department: "Retail" });
    expect(nameOf(directory, ana)).toBe("Retail by attribute");
    const sales = grouped(directory, "Sales", [ana]);
    const ops = grouped(directory, "Ops", [ana]);
    expect(nameOf(directory, ana)).toBe("Ops by group");
    directory.now += 1;
    // Sent again: since when somebody is a member stays.
    patchGroup(directory, sales, [{ kind: "join", members: [ana] }]);
    expect(nameOf(directory, ana)).toBe("Ops by group");
    patchGroup(directory, ops, [{ kind: "leave", members: [ana] }]);
    expect(nameOf(directory, ana)).toBe("Sales by group");
  });

  it("follow the name of their group, and leave behind who says the old one", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana", department: "Sales" });
    const sales = grouped(directory, "Sales");
    const { department } = sales;
    patchGroup(directory, sales, [{ kind: "rename", displayName: "Vertrieb" }]);
    expect(sales.department).toBe(department);
    expect(department.name).toBe("Vertrieb");
    expect(nameOf(directory, ana)).toBe("Sales by attribute");
  });

  it("are known again by the externalId of their group", () => {
    const directory = emptyDirectory();
    const { department } = grouped(directory, "Sales", [], "g1");
    const [sales] = directory.groups;
    if (sales) deleteGroup(directory, sales);
    expect(grouped(directory, "Vertrieb", [], "g1").department).toBe(department);
    expect(directory.departments).toHaveLength(1);
  });

  it("are marked by one run, retired by the next, and come back with their name", () => {
    const directory = emptyDirectory();
    const sales = grouped(directory, "Sales");
    const { department } = sales;
    reconcile(directory);
    expect(department).toMatchObject({ isOrphan: false });
    deleteGroup(directory, sales);
    reconcile(directory);
    expect(department).toMatchObject({ isOrphan: true, isRetired: false });
    const before = directory.applied;
    reconcile(directory);
    expect(department.isRetired).toBe(true);
    expect(directory.applied).toBe(before + 1);
    expect(grouped(directory, "SALES").department).toBe(department);
    expect(department).toMatchObject({ isOrphan: false, isRetired: false });
  });
});

describe("what the model lets an administrator do", () => {
  it("keeps a POST from reviving whom they deactivated, but not a PATCH", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana" });
    setActive(directory, ana, false);
    setActive(directory, ana, false);
    expect(ana.version).toBe(2);
    expect(createPerson(directory, { userName: "ana" }).status).toBe(409);
    patched(directory, ana, { kind: "active", value: true });
    expect(ana).toMatchObject({ deactivatedByHand: false, version: 3 });
  });

  it("marks somebody whom provisioning deactivated before", () => {
    const directory = emptyDirectory();
    const ana = created(directory, { userName: "ana", active: false });
    setActive(directory, ana, false);
    expect(ana).toMatchObject({ deactivatedByHand: true, version: 2 });
  });

  it("adopts once, and deletes whomever they like", () => {
    const directory = emptyDirectory();
    enrolPerson(directory, { userName: "ana", active: true });
    const [ana] = directory.people;
    if (ana === undefined) throw new Error("Nobody was enrolled.");
    expect([adoptByHand(directory, ana), adoptByHand(directory, ana)]).toEqual([200, 409]);
    enrolPerson(directory, { userName: "ben", active: true });
    for (const person of directory.people.slice()) removePerson(directory, person);
    expect(directory.people).toEqual([]);
  });

  it("puts people into a department that the attribute cannot take them out of", () => {
    const directory = emptyDirectory();
    const reserve = makeDepartment(directory, "Reserve");
    if (reserve === undefined) throw new Error("No department was made.");
    expect(makeDepartment(directory, "RESERVE")).toBeUndefined();
    const ana = created(directory, { userName: "ana", department: "Retail" });
    const people = { add: [ana, ana], remove: [] };
    const before = directory.applied;
    expect(assign(directory, reserve, people)).toEqual({ added: 1, removed: 0 });
    expect(assign(directory, reserve, people)).toEqual({ added: 0, removed: 0 });
    expect(directory.applied).toBe(before + 1);
    expect(effectiveDepartment(directory, ana)).toEqual({ department: reserve, source: "manual" });
    grouped(directory, "Sales", [ana]);
    expect(effectiveDepartment(directory, ana)?.source).toBe("group");
  });

  it("keeps a department that they made, whatever refers to it and whatever becomes of its group", () => {
    const directory = emptyDirectory();
    const reserve = makeDepartment(directory, "Reserve");
    const group = grouped(directory, "Reserve");
    expect(group.department).toBe(reserve);
    patchGroup(directory, group, [{ kind: "rename", displayName: "Sales" }]);
    expect(reserve).toMatchObject({ name: "Reserve", isManual: true });
    expect(group.department).not.toBe(reserve);
    reconcile(directory);
    reconcile(directory);
    expect(reserve).toMatchObject({ isOrphan: false, isRetired: false });
  });
});

describe("the model's filters", () => {
  const directory = emptyDirectory();
  const ana = created(directory, {
    userName: "Ana@x.org",
    externalId: "E1",
    emails: [
      { value: "work@x.org", type: "work" },
      { value: "home@x.org", type: "home" },
    ],
  });
  const compare = (attribute: string, operator: "eq" | "ne" | "co", value: string): Filter => ({
    kind: "compare",
    attribute,
    operator,
    value,
  });

  it.each<[Filter, string, boolean]>([
    [compare("userName", "eq", "ANA@X.ORG"), 'userName eq "ANA@X.ORG"', true],
    [compare("externalId", "eq", "e1"), 'externalId eq "e1"', false],
    [compare("title", "ne", "x"), 'title ne "x"', true],
    [compare("emails", "co", "home"), 'emails co "home"', true],
    [{ kind: "present", attribute: "title" }, "title pr", false],
    [{ kind: "active", value: true }, "active eq true", true],
    [
      { kind: "address", type: "work", operator: "co", value: "home" },
      'emails[type eq "work" and value co "home"]',
      false,
    ],
    [
      {
        kind: "and",
        left: { kind: "not", inner: { kind: "present", attribute: "title" } },
        right: { kind: "or", left: compare("id", "eq", "x"), right: compare("id", "eq", "p1") },
      },
      '(not (title pr) and (id eq "x" or id eq "p1"))',
      true,
    ],
  ])("%j", (filter, text, fits) => {
    expect(filterText(filter)).toBe(text);
    expect(isMatch(filter, ana, directory)).toBe(fits);
  });
});
